//! Who publishes, and what of it is under way.

use std::time::Instant;

pub(super) struct Topic {
    pub(super) name: String,
    pub(super) members: u32,
    pub(super) publishers: Vec<Publisher>,
}

pub(super) struct Publisher {
    pub(super) client: usize,
    /// How many messages it still publishes.
    pub(super) messages: u32,
    next: u32,
    in_flight: Vec<InFlight>,
}

struct InFlight {
    number: u32,
    sent: Instant,
    missing: u32,
}

impl Publisher {
    pub(super) fn new(client: usize) -> Self {
        Self {
            client,
            messages: 0,
            next: 0,
            in_flight: Vec::new(),
        }
    }

    /// The number of the next message, if there is one, which is sent now.
    pub(super) fn begin(&mut self, members: u32) -> Option<u32> {
        self.messages = self.messages.checked_sub(1)?;
        let number = self.next;
        self.next += 1;
        self.in_flight.push(InFlight {
            number,
            sent: Instant::now(),
            missing: members,
        });
        Some(number)
    }

    /// Counts a delivery; when the message was sent, if it is complete.
    pub(super) fn complete(&mut self, number: u32) -> Option<Instant> {
        let found = self
            .in_flight
            .iter()
            .position(|message| message.number == number)?;
        let message = &mut self.in_flight[found];
        message.missing -= 1;
        (message.missing == 0).then(|| self.in_flight.swap_remove(found).sent)
    }

    /// Forgets what is under way, and says how much that was.
    pub(super) fn write_off(&mut self) -> usize {
        self.in_flight.drain(..).len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn complete_is_what_all_members_have() {
        let mut publisher = Publisher::new(0);
        publisher.messages = 2;
        assert_eq!(publisher.begin(2), Some(0));
        assert_eq!(publisher.begin(2), Some(1));
        assert_eq!(publisher.begin(2), None);
        assert!(publisher.complete(1).is_none());
        assert!(publisher.complete(0).is_none());
        assert!(publisher.complete(1).is_some());
        assert_eq!(publisher.write_off(), 1);
        assert!(publisher.complete(0).is_none());
    }
}
