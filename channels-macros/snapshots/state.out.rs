impl Counter {
    #[allow(clippy::unused_async, clippy::unused_self)]
    async fn join(&self, start: u64) -> Joined<Count> {
        Joined::new(Count(start))
    }
    #[allow(clippy::unused_async, clippy::unused_self)]
    async fn add(&self, count: &mut Count, amount: u64) -> Result<u64, ()> {
        count.0 += amount;
        Ok(count.0)
    }
    #[allow(clippy::unused_async, clippy::unused_self)]
    async fn left(&self, count: &Count, reason: LeaveReason) {}
}
const _: () = {
    use ::phx_channels as __phx_channels;
    #[allow(unused_imports)]
    use __phx_channels::__private::answers::*;
    #[automatically_derived]
    impl __phx_channels::ChannelHandler for Counter
    where
        Self: ::core::marker::Send + ::core::marker::Sync + 'static,
    {
        fn router(
            &self,
        ) -> ::core::option::Option<&'static __phx_channels::__private::Router> {
            static __ROUTER: __phx_channels::__private::Router = __phx_channels::__private::Router::new(
                &[
                    __phx_channels::__private::Pattern {
                        text: "counter:{start}",
                        shape: &[
                            __phx_channels::__private::Shape::Literal("counter"),
                            __phx_channels::__private::Shape::Capture,
                        ],
                        layer: 0,
                        join: true,
                        paths: &["counter/{start}/"],
                        intercepts: &[],
                    },
                    __phx_channels::__private::Pattern {
                        text: "counter:*",
                        shape: &[
                            __phx_channels::__private::Shape::Literal("counter"),
                            __phx_channels::__private::Shape::Rest,
                        ],
                        layer: 1,
                        join: false,
                        paths: &["counter/{*rest}"],
                        intercepts: &[],
                    },
                ],
            );
            ::core::option::Option::Some(&__ROUTER)
        }
        fn join_channel<'life0, 'life1, 'async_trait>(
            &'life0 self,
            __conn: __phx_channels::ChannelConn<'life1>,
            __event: __phx_channels::ChannelEvent,
        ) -> __phx_channels::__private::BoxFuture<'async_trait>
        where
            'life0: 'async_trait,
            'life1: 'async_trait,
            Self: 'async_trait,
        {
            __phx_channels::__private::Box::pin(async move {
                for __pattern in __phx_channels::__private::patterns(__conn) {
                    match __pattern {
                        0 => {
                            let ::core::option::Option::Some(__arg0) = __phx_channels::__private::capture::<
                                u64,
                                _,
                            >(__conn.topic(), 1) else { continue };
                            let __output = __phx_channels::__private::send(
                                    Self::join(self, __arg0),
                                )
                                .await;
                            let __output = __phx_channels::__private::Output(__output)
                                .with_error();
                            __phx_channels::__private::makes::<Count, _>(&__output);
                            __phx_channels::__private::makes::<Count, _>(&__output);
                            return __phx_channels::__private::joined::<
                                _,
                                _,
                            >(__conn, &__event, __output);
                        }
                        _ => {}
                    }
                }
            })
        }
        fn incoming_message<'life0, 'life1, 'async_trait>(
            &'life0 self,
            __conn: __phx_channels::ChannelConn<'life1>,
            __event: __phx_channels::ChannelEvent,
        ) -> __phx_channels::__private::BoxFuture<'async_trait>
        where
            'life0: 'async_trait,
            'life1: 'async_trait,
            Self: 'async_trait,
        {
            __phx_channels::__private::Box::pin(async move {
                for __candidate in __phx_channels::__private::candidates(
                    __conn,
                    &__event,
                ) {
                    match __candidate {
                        (1, ::core::option::Option::Some("add")) => {
                            let __taken = __phx_channels::__private::nothing_taken();
                            let __role1 = (&&&&__phx_channels::__private::Probe::<
                                u64,
                            >::new())
                                .via()
                                .belongs_to(__phx_channels::__private::OnMethod);
                            let __taken = __role1.take(__taken);
                            let __kept = (&&__phx_channels::__private::Probe::<
                                Count,
                            >::new())
                                .kept();
                            let mut __state = __kept.lend(__conn);
                            let ::core::option::Option::Some(__arg0) = __state.get_mut()
                            else {
                                return __phx_channels::__private::no_state::<Count>(__conn);
                            };
                            let ::core::option::Option::Some(__arg1) = __phx_channels::__private::event_argument::<
                                u64,
                                _,
                            >(__role1.way(), __conn, &__event) else { return };
                            let __output = __kept
                                .send(Self::add(self, __arg0, __arg1))
                                .await;
                            (&&__phx_channels::__private::Probe::of(&__output))
                                .replies()
                                .beside(__taken);
                            let __output = __phx_channels::__private::Output(__output)
                                .with_error();
                            let __output = __phx_channels::__private::Output(__output)
                                .with_value();
                            return __phx_channels::__private::replied(
                                __conn,
                                &__event,
                                __output,
                            );
                        }
                        _ => {}
                    }
                }
                __phx_channels::__private::unmatched_event(__conn, &__event);
            })
        }
        fn leave_channel<'life0, 'life1, 'async_trait>(
            &'life0 self,
            __conn: __phx_channels::ChannelConn<'life1>,
            __event: __phx_channels::ChannelEvent,
        ) -> __phx_channels::__private::BoxFuture<'async_trait>
        where
            'life0: 'async_trait,
            'life1: 'async_trait,
            Self: 'async_trait,
        {
            __phx_channels::__private::Box::pin(async move {
                __phx_channels::__private::leave(__conn, &__event);
                for __pattern in __phx_channels::__private::patterns(__conn) {
                    match __pattern {
                        1 => {
                            let __taken = __phx_channels::__private::nothing_taken();
                            let __role1 = (&&&&__phx_channels::__private::Probe::<
                                LeaveReason,
                            >::new())
                                .via()
                                .belongs_to(__phx_channels::__private::LeaveMethod);
                            let __taken = __role1.take(__taken);
                            let __kept = (&&__phx_channels::__private::Probe::<
                                Count,
                            >::new())
                                .kept();
                            let mut __state = __kept.lend(__conn);
                            let ::core::option::Option::Some(__arg0) = __state.get_mut()
                            else {
                                return __phx_channels::__private::no_state::<Count>(__conn);
                            };
                            let ::core::option::Option::Some(__arg1) = __phx_channels::__private::leave_argument::<
                                LeaveReason,
                                _,
                            >(__role1.way(), __conn, &__event) else { return };
                            let __output = __kept
                                .send(Self::left(self, __arg0, __arg1))
                                .await;
                            return __phx_channels::__private::ended(
                                __conn,
                                &__event,
                                __output,
                            );
                        }
                        _ => {}
                    }
                }
            })
        }
    }
};
