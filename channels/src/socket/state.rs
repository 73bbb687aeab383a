use super::JoinedTopic;
use std::{any::Any, fmt};

/// The value that a join has kept with its topic, lent to one handler. It goes back when this is
/// dropped, also if the handler panics or is cut off: the leave handler may want it.
pub struct State<'a, S: Send + 'static> {
    joined: Option<&'a JoinedTopic>,
    value: Option<Box<S>>,
}

impl<'a, S: Send + 'static> State<'a, S> {
    /// Takes the value of this type, if there is one.
    pub(crate) fn take(joined: Option<&'a JoinedTopic>) -> Self {
        let value = joined.and_then(|joined| {
            let mut kept = joined.state();
            match kept.take()?.downcast() {
                Ok(value) => Some(value),
                Err(other) => {
                    *kept = Some(other);
                    None
                }
            }
        });
        Self { joined, value }
    }

    /// The value; `None` where the join has kept none of this type.
    pub fn get_mut(&mut self) -> Option<&mut S> {
        self.value.as_deref_mut()
    }
}

impl<S: Send + 'static> Drop for State<'_, S> {
    fn drop(&mut self) {
        if let (Some(joined), Some(value)) = (self.joined, self.value.take()) {
            let value: Box<dyn Any + Send> = value;
            *joined.state() = Some(value);
        }
    }
}

impl<S: Send + 'static> fmt::Debug for State<'_, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("State")
            .field("kept", &self.value.is_some())
            .finish_non_exhaustive()
    }
}
