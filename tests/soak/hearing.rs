//! Whether a member has heard every number of its topic, in order.

/// From the join reply to the end of the membership.
#[derive(Debug, Default)]
pub(crate) struct Hearing {
    /// The last number that has come, or that was said to come before the next one.
    last: Option<u64>,
}

impl Hearing {
    /// A number has come.
    pub(crate) fn hear(&mut self, number: u64) -> Result<(), String> {
        match self.last.replace(number) {
            Some(last) if number != last + 1 => Err(format!("heard {number} behind {last}")),
            _ => Ok(()),
        }
    }

    /// The server says which number was published last: it and those before it must have come.
    pub(crate) fn check(&mut self, published: u64) -> Result<(), String> {
        match self.last {
            Some(last) if last < published => Err(format!("heard up to {last} of {published}")),
            Some(_) => Ok(()),
            // Whatever comes next is the next one.
            None => {
                self.last = Some(published);
                Ok(())
            }
        }
    }
}
