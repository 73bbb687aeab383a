impl Chat {
    #[allow(clippy::unused_async, clippy::unused_self)]
    async fn join(&self) -> Joined<Member> {
        Joined::new(Member::default())
    }
    #[allow(clippy::unused_async, clippy::unused_self)]
    async fn new_msg(&self, member: &Member, message: Message) -> Option<Message> {
        (!member.mutes(&message)).then_some(message)
    }
    #[cfg(feature = "typing")]
    #[allow(clippy::unused_async, clippy::unused_self)]
    async fn typing(&self, room: u64, conn: ChannelConn<'_>) {}
}
const _: () = {
    use ::phx_channels as __phx_channels;
    #[allow(unused_imports)]
    use __phx_channels::__private::answers::*;
    #[automatically_derived]
    impl __phx_channels::ChannelHandler for Chat
    where
        Self: ::core::marker::Send + ::core::marker::Sync + 'static,
    {
        fn router(
            &self,
        ) -> ::core::option::Option<&'static __phx_channels::__private::Router> {
            static __ROUTER: __phx_channels::__private::Router = __phx_channels::__private::Router::new(
                &[
                    __phx_channels::__private::Pattern {
                        text: "rooms:{room}",
                        shape: &[
                            __phx_channels::__private::Shape::Literal("rooms"),
                            __phx_channels::__private::Shape::Capture,
                        ],
                        layer: 0,
                        join: false,
                        paths: &["rooms/{room}/"],
                        intercepts: &[#[cfg(feature = "typing")] "typing"],
                    },
                    __phx_channels::__private::Pattern {
                        text: "rooms:*",
                        shape: &[
                            __phx_channels::__private::Shape::Literal("rooms"),
                            __phx_channels::__private::Shape::Rest,
                        ],
                        layer: 1,
                        join: true,
                        paths: &["rooms/{*rest}"],
                        intercepts: &["new:msg"],
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
                        1 => {
                            let __output = __phx_channels::__private::send(
                                    Self::join(self),
                                )
                                .await;
                            let __output = __phx_channels::__private::Output(__output)
                                .with_error();
                            __phx_channels::__private::makes::<Member, _>(&__output);
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
                __phx_channels::__private::unmatched_event(__conn, &__event);
            })
        }
        fn handle_out<'life0, 'life1, 'async_trait>(
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
                    match (__pattern, __event.event()) {
                        #[cfg(feature = "typing")]
                        (0, "typing") => {
                            let ::core::option::Option::Some(__arg0) = __phx_channels::__private::capture::<
                                u64,
                                _,
                            >(__conn.topic(), 1) else { continue };
                            let __taken = __phx_channels::__private::nothing_taken();
                            let __role1 = (&&&&__phx_channels::__private::Probe::<
                                ChannelConn<'_>,
                            >::new())
                                .via()
                                .belongs_to(__phx_channels::__private::InterceptMethod);
                            let __taken = __role1.take(__taken);
                            let ::core::option::Option::Some(__arg1) = __phx_channels::__private::out_argument::<
                                ChannelConn<'_>,
                                _,
                            >(__role1.way(), __conn, &__event) else { return };
                            let __output = __phx_channels::__private::send(
                                    Self::typing(self, __arg0, __arg1),
                                )
                                .await;
                            (&&&__phx_channels::__private::Probe::of(&__output))
                                .pushes()
                                .check();
                            return __phx_channels::__private::intercepted(
                                __conn,
                                &__event,
                                __output,
                            );
                        }
                        (1, "new:msg") => {
                            let __taken = __phx_channels::__private::nothing_taken();
                            let __role1 = (&&&&__phx_channels::__private::Probe::<
                                Message,
                            >::new())
                                .via()
                                .belongs_to(__phx_channels::__private::InterceptMethod);
                            let __taken = __role1.take(__taken);
                            let __kept = (&&__phx_channels::__private::Probe::<
                                Member,
                            >::new())
                                .kept();
                            let mut __state = __kept.lend(__conn);
                            let ::core::option::Option::Some(__arg0) = __state.get_mut()
                            else {
                                return __phx_channels::__private::no_state::<
                                    Member,
                                >(__conn);
                            };
                            let ::core::option::Option::Some(__arg1) = __phx_channels::__private::out_argument::<
                                Message,
                                _,
                            >(__role1.way(), __conn, &__event) else { return };
                            let __output = __kept
                                .send(Self::new_msg(self, __arg0, __arg1))
                                .await;
                            (&&&__phx_channels::__private::Probe::of(&__output))
                                .pushes()
                                .check();
                            return __phx_channels::__private::intercepted(
                                __conn,
                                &__event,
                                __output,
                            );
                        }
                        _ => {}
                    }
                }
                __phx_channels::__private::not_intercepted(__conn, __event);
            })
        }
    }
};
