impl Chat {
    #[allow(clippy::unused_async, clippy::unused_self)]
    async fn join(&self) {}
    #[allow(clippy::unused_async, clippy::unused_self)]
    fn new_msg(&self, message: &str) {}
}
const _: () = {
    use ::phx_channels as __phx_channels;
    #[automatically_derived]
    impl __phx_channels::ChannelHandler for Chat
    where
        Self: ::core::marker::Send + ::core::marker::Sync + 'static,
    {
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
            ::core::unreachable!()
        }
    }
};
::core::compile_error! {
    "topic pattern `rooms::lobby` has an empty segment; write `*` at the end for any rest"
}
::core::compile_error! {
    "a handler method must be `async`: `async fn new_msg(&self, ..)`"
}
::core::compile_error! {
    "a payload must own its data; write `String` instead of `&str`"
}
