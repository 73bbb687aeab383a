impl Clock {
    #[allow(clippy::unused_async, clippy::unused_self)]
    async fn join(&self) {}
    #[allow(clippy::unused_async, clippy::unused_self)]
    async fn tick(&self, zone: Zone, conn: ChannelConn<'_>, tick: Tick) {}
    #[allow(clippy::unused_async, clippy::unused_self)]
    async fn relayed(&self, _zone: &str, event: ChannelEvent) {}
}
const _: () = {
    use ::phx_channels as __phx_channels;
    #[allow(unused_imports)]
    use __phx_channels::__private::answers::*;
    #[automatically_derived]
    impl __phx_channels::ChannelHandler for Clock
    where
        Self: ::core::marker::Send + ::core::marker::Sync + 'static,
    {
        fn router(
            &self,
        ) -> ::core::option::Option<&'static __phx_channels::__private::Router> {
            static __ROUTER: __phx_channels::__private::Router = __phx_channels::__private::Router::new(
                &[
                    __phx_channels::__private::Pattern {
                        text: "clock:{zone}",
                        shape: &[
                            __phx_channels::__private::Shape::Literal("clock"),
                            __phx_channels::__private::Shape::Capture,
                        ],
                        layer: 0,
                        join: false,
                        paths: &["clock/{zone}/"],
                        intercepts: &[],
                    },
                    __phx_channels::__private::Pattern {
                        text: "clock:*",
                        shape: &[
                            __phx_channels::__private::Shape::Literal("clock"),
                            __phx_channels::__private::Shape::Rest,
                        ],
                        layer: 1,
                        join: true,
                        paths: &["clock/{*rest}"],
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
                        1 => {
                            let __output = __phx_channels::__private::send(
                                    Self::join(self),
                                )
                                .await;
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
        fn handle_info<'life0, 'life1, 'async_trait>(
            &'life0 self,
            __conn: __phx_channels::ChannelConn<'life1>,
            __info: __phx_channels::Info,
        ) -> __phx_channels::__private::BoxFuture<'async_trait>
        where
            'life0: 'async_trait,
            'life1: 'async_trait,
            Self: 'async_trait,
        {
            __phx_channels::__private::Box::pin(async move {
                {
                    #[diagnostic::on_unimplemented(
                        message = "methods `tick` and `relayed` take the same message of `#[info(\"clock:{zone}\")]`",
                        label = "the second never runs",
                        note = "a message goes to one method; give one of them a type of its own"
                    )]
                    trait __Declared {}
                    #[diagnostic::do_not_recommend]
                    impl __Declared for __phx_channels::__private::Sound {}
                    const fn __check<T: __Declared>(_: &T) {}
                    __check(
                        &(&&__phx_channels::__private::Probe::of(
                            &(
                                (&&&&__phx_channels::__private::Probe::<Tick>::new())
                                    .via()
                                    .message(
                                        __phx_channels::__private::Probe::<Tick>::new(),
                                        (&&&&__phx_channels::__private::Probe::<
                                            ChannelConn<'_>,
                                        >::new())
                                            .via()
                                            .message(
                                                __phx_channels::__private::Probe::<ChannelConn<'_>>::new(),
                                                (),
                                            ),
                                    ),
                                (&&&&__phx_channels::__private::Probe::<
                                    ChannelEvent,
                                >::new())
                                    .via()
                                    .message(
                                        __phx_channels::__private::Probe::<ChannelEvent>::new(),
                                        (),
                                    ),
                            ),
                        ))
                            .differ(),
                    );
                }
                for __pattern in __phx_channels::__private::patterns(__conn) {
                    if __pattern == 0 {
                        '__method: {
                            let ::core::option::Option::Some(__arg0) = __phx_channels::__private::capture::<
                                Zone,
                                _,
                            >(__conn.topic(), 1) else { break '__method };
                            let __role1 = (&&&&__phx_channels::__private::Probe::<
                                ChannelConn<'_>,
                            >::new())
                                .via()
                                .belongs_to(__phx_channels::__private::InfoMethod);
                            let __role2 = (&&&&__phx_channels::__private::Probe::<
                                Tick,
                            >::new())
                                .via()
                                .belongs_to(__phx_channels::__private::InfoMethod);
                            __phx_channels::__private::one_message((
                                __role1,
                                (__role2, ()),
                            ));
                            if !__phx_channels::__private::fits::<
                                ChannelConn<'_>,
                                _,
                            >(__role1, &__info) {
                                break '__method;
                            }
                            if !__phx_channels::__private::fits::<
                                Tick,
                                _,
                            >(__role2, &__info) {
                                break '__method;
                            }
                            let __event = __phx_channels::__private::info_event(&__info);
                            let mut __info = ::core::option::Option::Some(__info);
                            let ::core::option::Option::Some(__arg1) = __phx_channels::__private::info_argument::<
                                ChannelConn<'_>,
                                _,
                            >(__role1, __conn, &__event, &mut __info) else { return };
                            let ::core::option::Option::Some(__arg2) = __phx_channels::__private::info_argument::<
                                Tick,
                                _,
                            >(__role2, __conn, &__event, &mut __info) else { return };
                            let __output = __phx_channels::__private::send(
                                    Self::tick(self, __arg0, __arg1, __arg2),
                                )
                                .await;
                            return __phx_channels::__private::ended(
                                __conn,
                                &__event,
                                __output,
                            );
                        }
                    }
                    if __pattern == 0 {
                        '__method: {
                            let ::core::option::Option::Some(__arg0) = __phx_channels::__private::capture_str(
                                __conn.topic(),
                                1,
                            ) else { break '__method };
                            let __role1 = (&&&&__phx_channels::__private::Probe::<
                                ChannelEvent,
                            >::new())
                                .via()
                                .belongs_to(__phx_channels::__private::InfoMethod);
                            __phx_channels::__private::one_message((__role1, ()));
                            if !__phx_channels::__private::fits::<
                                ChannelEvent,
                                _,
                            >(__role1, &__info) {
                                break '__method;
                            }
                            let __event = __phx_channels::__private::info_event(&__info);
                            let mut __info = ::core::option::Option::Some(__info);
                            let ::core::option::Option::Some(__arg1) = __phx_channels::__private::info_argument::<
                                ChannelEvent,
                                _,
                            >(__role1, __conn, &__event, &mut __info) else { return };
                            let __output = __phx_channels::__private::send(
                                    Self::relayed(self, __arg0, __arg1),
                                )
                                .await;
                            return __phx_channels::__private::ended(
                                __conn,
                                &__event,
                                __output,
                            );
                        }
                    }
                }
                __phx_channels::__private::unhandled_info(__conn, &__info);
            })
        }
    }
};
