impl Chat {
    #[allow(clippy::unused_async, clippy::unused_self)]
    #[allow(clippy::same_name_method)]
    async fn connect(&self, conn: ChannelConn<'_>, login: Login) -> Result<(), Refused> {
        self.log_in(conn, login).await
    }
    #[allow(clippy::unused_async, clippy::unused_self)]
    async fn join(&self) {}
    #[allow(clippy::unused_async, clippy::unused_self)]
    #[allow(clippy::same_name_method)]
    async fn disconnect(&self, user: CurrentUser) {}
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
        fn connect<'life0, 'life1, 'async_trait>(
            &'life0 self,
            __conn: __phx_channels::ChannelConn<'life1>,
        ) -> __phx_channels::__private::BoxFuture<'async_trait>
        where
            'life0: 'async_trait,
            'life1: 'async_trait,
            Self: 'async_trait,
        {
            __phx_channels::__private::Box::pin(async move {
                let __event = __phx_channels::__private::connect_event(__conn);
                let __taken = __phx_channels::__private::nothing_taken();
                let __role0 = (&&&&__phx_channels::__private::Probe::<
                    ChannelConn<'_>,
                >::new())
                    .via()
                    .belongs_to(__phx_channels::__private::ConnectMethod);
                let __taken = __role0.take(__taken);
                let __role1 = (&&&&__phx_channels::__private::Probe::<Login>::new())
                    .via()
                    .belongs_to(__phx_channels::__private::ConnectMethod);
                let __taken = __role1.take(__taken);
                __phx_channels::__private::Parameters::<ChannelConn<'_>>::new()
                    .role()
                    .check();
                let ::core::option::Option::Some(__arg0) = __phx_channels::__private::connect_argument::<
                    ChannelConn<'_>,
                    _,
                >(__role0.way(), __conn, &__event) else { return };
                __phx_channels::__private::Parameters::<Login>::new().role().check();
                let ::core::option::Option::Some(__arg1) = __phx_channels::__private::connect_argument::<
                    Login,
                    _,
                >(__role1.way(), __conn, &__event) else { return };
                let __output = __phx_channels::__private::send(
                        Self::connect(self, __arg0, __arg1),
                    )
                    .await;
                return __phx_channels::__private::connected(__conn, &__event, __output);
            })
        }
        fn disconnect<'life0, 'life1, 'async_trait>(
            &'life0 self,
            __conn: __phx_channels::ChannelConn<'life1>,
        ) -> __phx_channels::__private::BoxFuture<'async_trait>
        where
            'life0: 'async_trait,
            'life1: 'async_trait,
            Self: 'async_trait,
        {
            __phx_channels::__private::Box::pin(async move {
                let __event = __phx_channels::__private::connect_event(__conn);
                let __taken = __phx_channels::__private::nothing_taken();
                let __role0 = (&&&&__phx_channels::__private::Probe::<
                    CurrentUser,
                >::new())
                    .via()
                    .belongs_to(__phx_channels::__private::DisconnectMethod);
                let __taken = __role0.take(__taken);
                let ::core::option::Option::Some(__arg0) = __phx_channels::__private::disconnect_argument::<
                    CurrentUser,
                    _,
                >(__role0.way(), __conn, &__event) else { return };
                let __output = __phx_channels::__private::send(
                        Self::disconnect(self, __arg0),
                    )
                    .await;
                return __phx_channels::__private::ended(__conn, &__event, __output);
            })
        }
    }
};
