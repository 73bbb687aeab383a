impl Chat {
    #[allow(clippy::unused_async, clippy::unused_self)]
    async fn join(&self) {}
    #[allow(clippy::unused_async, clippy::unused_self)]
    async fn read(&self) {}
    #[allow(clippy::unused_async, clippy::unused_self)]
    async fn new_msg(&self, message: Message) {}
    #[allow(clippy::unused_async, clippy::unused_self)]
    async fn typing(&self, room: &str) {}
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
                        intercepts: &[],
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
                for __candidate in __phx_channels::__private::candidates(
                    __conn,
                    &__event,
                ) {
                    match __candidate {
                        (0, ::core::option::Option::Some("typing")) => {
                            let ::core::option::Option::Some(__arg0) = __phx_channels::__private::capture_str(
                                __conn.topic(),
                                1,
                            ) else { continue };
                            if __phx_channels::__private::is_limited(
                                __conn,
                                &__event,
                                1,
                                __phx_channels::Rate::per_minute(30),
                            ) {
                                return;
                            }
                            let __output = __phx_channels::__private::send(
                                    Self::typing(self, __arg0),
                                )
                                .await;
                            return __phx_channels::__private::replied(
                                __conn,
                                &__event,
                                __output,
                            );
                        }
                        (1, ::core::option::Option::Some("read")) => {
                            let __output = __phx_channels::__private::send(
                                    Self::read(self),
                                )
                                .await;
                            return __phx_channels::__private::replied(
                                __conn,
                                &__event,
                                __output,
                            );
                        }
                        (1, ::core::option::Option::Some("new:msg")) => {
                            if __phx_channels::__private::is_limited(
                                __conn,
                                &__event,
                                0,
                                __phx_channels::Rate::per_second(10),
                            ) {
                                return;
                            }
                            let __taken = __phx_channels::__private::nothing_taken();
                            let __role0 = (&&&&__phx_channels::__private::Probe::<
                                Message,
                            >::new())
                                .via()
                                .belongs_to(__phx_channels::__private::OnMethod);
                            let __taken = __role0.take(__taken);
                            let ::core::option::Option::Some(__arg0) = __phx_channels::__private::event_argument::<
                                Message,
                                _,
                            >(__role0.way(), __conn, &__event) else { return };
                            let __output = __phx_channels::__private::send(
                                    Self::new_msg(self, __arg0),
                                )
                                .await;
                            (&&__phx_channels::__private::Probe::of(&__output))
                                .replies()
                                .beside(__taken);
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
    }
};
