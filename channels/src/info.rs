use std::{
    any::{Any, type_name},
    fmt,
};

/// A message to a joined topic from inside the application: a value that someone told it, or, as a
/// [`ChannelEvent`](crate::ChannelEvent), a broadcast of another topic that it has subscribed to.
///
/// Handlers written by hand take it apart in [`handle_info`](crate::ChannelHandler::handle_info); an
/// `#[info]` method of a `#[channel]` block takes the value itself.
///
/// ```
/// use phx_channels::{ChannelConn, ChannelEvent, ChannelHandler, Info, async_trait};
///
/// #[derive(Clone)]
/// struct Kick;
///
/// struct Chat;
///
/// #[async_trait]
/// impl ChannelHandler for Chat {
///     async fn join_channel(&self, conn: ChannelConn<'_>, event: ChannelEvent) {
///         conn.allow_join(&event, &()).await;
///     }
///
///     async fn handle_info(&self, conn: ChannelConn<'_>, info: Info) {
///         if info.is::<Kick>() {
///             conn.push((conn.topic(), "kicked"));
///             conn.stop();
///         }
///     }
/// }
/// # #[cfg(feature = "testing")] {
/// # use phx_channels::testing::TestApp;
/// # use serde_json::json;
/// # futures_lite::future::block_on(async {
/// # let app = TestApp::new(&phx_channels::channel(Chat));
/// # let mut client = app.connect().await.unwrap();
/// # client.join("rooms:lobby", json!({})).await.unwrap_ok();
/// # app.broadcaster().tell("rooms:lobby", Kick);
/// # client.event("rooms:lobby", "kicked").await;
/// # client.event("rooms:lobby", "phx_close").await;
/// # }) }
/// ```
pub struct Info {
    value: Box<dyn Any + Send>,
    type_name: &'static str,
}

impl Info {
    pub(crate) fn new<T: Send + 'static>(value: T) -> Self {
        Self {
            value: Box::new(value),
            type_name: type_name::<T>(),
        }
    }

    /// Whether the message is a `T`.
    pub fn is<T: 'static>(&self) -> bool {
        self.value.is::<T>()
    }

    /// The message, if it is a `T`.
    pub fn downcast_ref<T: 'static>(&self) -> Option<&T> {
        self.value.downcast_ref()
    }

    /// Takes the message, if it is a `T`.
    ///
    /// # Errors
    ///
    /// The message itself, if it is something else.
    pub fn downcast<T: 'static>(self) -> Result<T, Self> {
        let Self { value, type_name } = self;
        match value.downcast() {
            Ok(value) => Ok(*value),
            Err(value) => Err(Self { value, type_name }),
        }
    }

    /// The name of the message's type, for logs.
    pub fn type_name(&self) -> &'static str {
        self.type_name
    }
}

impl fmt::Debug for Info {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Info").field(&self.type_name).finish()
    }
}
