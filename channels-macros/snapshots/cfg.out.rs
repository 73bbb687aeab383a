impl Chat {
    #[cfg(feature = "rooms")]
    #[allow(clippy::unused_async, clippy::unused_self)]
    async fn join(&self) {}
    #[cfg(not(feature = "rooms"))]
    #[allow(clippy::unused_async, clippy::unused_self)]
    async fn anywhere(&self) {}
    #[cfg(feature = "rooms")]
    #[instrument(skip(self))]
    #[allow(clippy::unused_async, clippy::unused_self)]
    async fn new_msg(&self) {}
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
                        text: "rooms:*",
                        shape: &[
                            __phx_channels::__private::Shape::Literal("rooms"),
                            __phx_channels::__private::Shape::Rest,
                        ],
                        layer: 0,
                        join: ::core::cfg!(any(all(feature = "rooms"))),
                        paths: &["rooms/{*rest}"],
                        intercepts: &[],
                    },
                    __phx_channels::__private::Pattern {
                        text: "*",
                        shape: &[__phx_channels::__private::Shape::Rest],
                        layer: 1,
                        join: ::core::cfg!(any(all(not(feature = "rooms")))),
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
                        #[cfg(feature = "rooms")]
                        0 => {
                            let __output = __phx_channels::__private::send(
                                    Self::join(self),
                                )
                                .await;
                            return __phx_channels::__private::joined::<
                                _,
                                _,
                            >(__conn, &__event, __output);
                        }
                        #[cfg(not(feature = "rooms"))]
                        1 => {
                            let __output = __phx_channels::__private::send(
                                    Self::anywhere(self),
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
                        #[cfg(feature = "rooms")]
                        (0, ::core::option::Option::Some("new:msg")) => {
                            let __output = __phx_channels::__private::send(
                                    Self::new_msg(self),
                                )
                                .await;
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
