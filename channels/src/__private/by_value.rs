//! Arguments that are taken by value, and of which rustc could only say that they are no payload.

use super::{Way, event_argument, leave_argument, out_argument};
use crate::{conn::ChannelConn, extract::FromEvent, message::event::ChannelEvent};

/// An argument of the type that a `#[join]` makes its state of. It may be a payload as well.
#[diagnostic::on_unimplemented(
    message = "the state of a joined topic is lent to a method: write `&{Self}`",
    label = "the state, by value",
    note = "or `&mut {Self}`, to change it"
)]
pub trait ByValue<'a, Via>: FromEvent<'a, Via> {}

#[diagnostic::do_not_recommend]
impl<'a, T: FromEvent<'a, Via>, Via> ByValue<'a, Via> for T {}

macro_rules! by_value {
    ($($name:ident: $take:ident)*) => {
        $(
            /// Takes an argument whose type is that of the state.
            pub fn $name<'a, T: ByValue<'a, Via>, Via>(
                way: Way<Via>,
                conn: ChannelConn<'a>,
                event: &ChannelEvent,
            ) -> Option<T> {
                $take(way, conn, event)
            }
        )*
    };
}

by_value! {
    event_argument_or_state: event_argument
    leave_argument_or_state: leave_argument
    out_argument_or_state: out_argument
}
