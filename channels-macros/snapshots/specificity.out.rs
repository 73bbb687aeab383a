impl Chat {
    #[allow(clippy::unused_async, clippy::unused_self)]
    async fn any(&self) {}
    #[allow(clippy::unused_async, clippy::unused_self)]
    async fn food(&self) {}
    #[allow(clippy::unused_async, clippy::unused_self)]
    async fn room(&self, _room: &str) {}
    #[allow(clippy::unused_async, clippy::unused_self)]
    async fn rest(&self, rest: String) {}
    #[allow(clippy::unused_async, clippy::unused_self)]
    async fn lobby(&self) {}
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
                        text: "rooms:lobby",
                        shape: &[
                            __phx_channels::__private::Shape::Literal("rooms"),
                            __phx_channels::__private::Shape::Literal("lobby"),
                        ],
                        layer: 0,
                        join: true,
                        paths: &["rooms/lobby/"],
                        intercepts: &[],
                    },
                    __phx_channels::__private::Pattern {
                        text: "rooms:{room}",
                        shape: &[
                            __phx_channels::__private::Shape::Literal("rooms"),
                            __phx_channels::__private::Shape::Capture,
                        ],
                        layer: 1,
                        join: true,
                        paths: &["rooms/{room}/"],
                        intercepts: &[],
                    },
                    __phx_channels::__private::Pattern {
                        text: "rooms:{*rest}",
                        shape: &[
                            __phx_channels::__private::Shape::Literal("rooms"),
                            __phx_channels::__private::Shape::Rest,
                        ],
                        layer: 2,
                        join: true,
                        paths: &["rooms/{*rest}"],
                        intercepts: &[],
                    },
                    __phx_channels::__private::Pattern {
                        text: "food*",
                        shape: &[
                            __phx_channels::__private::Shape::Prefix(
                                __phx_channels::__private::Reverse("food"),
                            ),
                        ],
                        layer: 0,
                        join: true,
                        paths: &["food/", "food/{*rest}", "food{x}/", "food{x}/{*rest}"],
                        intercepts: &[],
                    },
                    __phx_channels::__private::Pattern {
                        text: "*",
                        shape: &[__phx_channels::__private::Shape::Rest],
                        layer: 3,
                        join: true,
                        paths: &["{*rest}"],
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
                            let __output = __phx_channels::__private::send(
                                    Self::lobby(self),
                                )
                                .await;
                            return __phx_channels::__private::joined::<
                                _,
                                _,
                            >(__conn, &__event, __output);
                        }
                        1 => {
                            let ::core::option::Option::Some(__arg0) = __phx_channels::__private::capture_str(
                                __conn.topic(),
                                1,
                            ) else { continue };
                            let __output = __phx_channels::__private::send(
                                    Self::room(self, __arg0),
                                )
                                .await;
                            return __phx_channels::__private::joined::<
                                _,
                                _,
                            >(__conn, &__event, __output);
                        }
                        2 => {
                            let ::core::option::Option::Some(__arg0) = __phx_channels::__private::rest::<
                                String,
                                _,
                            >(__conn.topic(), 1) else { continue };
                            let __output = __phx_channels::__private::send(
                                    Self::rest(self, __arg0),
                                )
                                .await;
                            return __phx_channels::__private::joined::<
                                _,
                                _,
                            >(__conn, &__event, __output);
                        }
                        3 => {
                            let __output = __phx_channels::__private::send(
                                    Self::food(self),
                                )
                                .await;
                            return __phx_channels::__private::joined::<
                                _,
                                _,
                            >(__conn, &__event, __output);
                        }
                        4 => {
                            let __output = __phx_channels::__private::send(
                                    Self::any(self),
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
    }
};
