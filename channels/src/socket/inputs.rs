use super::slot::Input;
use std::{collections::VecDeque, mem};

/// What waits for a topic, in order, and how much of it its client has sent: that is asked for with each message, so
/// it is counted and not looked up.
#[derive(Debug, Default)]
pub(super) struct Inputs {
    queue: VecDeque<Input>,
    events: u32,
    joins: u32,
    ends: u32,
    /// Of these, which come from the client, as everything here but letters.
    bytes: usize,
}

impl Inputs {
    pub(super) fn is_empty(&self) -> bool {
        self.queue.is_empty()
    }

    /// How many the client has sent.
    pub(super) fn count(&self) -> usize {
        (self.events + self.joins + self.ends) as usize
    }

    /// How many bytes of memory these take.
    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }

    pub(super) fn have_join(&self) -> bool {
        self.joins > 0
    }

    pub(super) fn have_end(&self) -> bool {
        self.ends > 0
    }

    pub(super) fn push_back(&mut self, input: Input) {
        self.add(&input);
        self.queue.push_back(input);
    }

    pub(super) fn push_front(&mut self, input: Input) {
        self.add(&input);
        self.queue.push_front(input);
    }

    pub(super) fn pop_front(&mut self) -> Option<Input> {
        let input = self.queue.pop_front()?;
        self.remove(&input);
        Some(input)
    }

    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }

    /// Drops those that are not to stay.
    pub(super) fn retain(&mut self, mut stays: impl FnMut(&Input) -> bool) {
        let queue = mem::take(&mut self.queue);
        self.clear();
        for input in queue {
            if stays(&input) {
                self.push_back(input);
            }
        }
    }

    fn add(&mut self, input: &Input) {
        self.bytes += input.size();
        match input {
            Input::Event(_) => self.events += 1,
            Input::Join(_) => self.joins += 1,
            Input::End(..) => self.ends += 1,
            Input::Letter(_) => {}
        }
    }

    fn remove(&mut self, input: &Input) {
        self.bytes -= input.size();
        match input {
            Input::Event(_) => self.events -= 1,
            Input::Join(_) => self.joins -= 1,
            Input::End(..) => self.ends -= 1,
            Input::Letter(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        end::LeaveReason,
        message::{event::ChannelEvent, payload::Payload},
    };

    fn event(bytes: usize) -> ChannelEvent {
        let payload = Payload::new(&"x".repeat(bytes % 100)).unwrap();
        ChannelEvent::from_parts("topic".into(), "event", payload)
    }

    fn input(n: usize) -> Input {
        match n % 3 {
            0 => Input::Join(event(n)),
            1 => Input::Event(event(n)),
            _ => Input::End(LeaveReason::Left, event(n)),
        }
    }

    /// What is counted is what there is.
    fn check(inputs: &Inputs) {
        let is_join = |input: &&Input| matches!(input, Input::Join(_));
        let is_end = |input: &&Input| matches!(input, Input::End(..));
        let queue = &inputs.queue;
        assert_eq!(inputs.count(), queue.len());
        assert_eq!(inputs.bytes(), queue.iter().map(Input::size).sum::<usize>());
        assert_eq!(
            inputs.have_join(),
            queue.iter().any(|input| is_join(&input))
        );
        assert_eq!(inputs.have_end(), queue.iter().any(|input| is_end(&input)));
    }

    #[test]
    fn the_counts_are_right_in_any_order_of_changes() {
        const CHANGES: usize = 5;
        for way in 0..CHANGES.pow(6) {
            let mut inputs = Inputs::default();
            for step in 0..6 {
                match way / CHANGES.pow(step) % CHANGES {
                    0 => inputs.push_back(input(way + step as usize)),
                    1 => inputs.push_front(input(way / 7 + step as usize)),
                    2 => drop(inputs.pop_front()),
                    3 => inputs.retain(|input| !matches!(input, Input::Event(_))),
                    _ => inputs.retain(|input| input.size() % 2 == 0),
                }
                check(&inputs);
            }
            inputs.clear();
            check(&inputs);
        }
    }
}
