use std::collections::VecDeque;

/// First in, first out. The first one has its place here: most queues hold one at a time, which so
/// needs no memory besides, and no look at it.
#[derive(Debug)]
pub(super) struct Queue<T> {
    first: Option<T>,
    /// Those behind it.
    rest: VecDeque<T>,
}

/// Room that an empty queue keeps: bursts are rare, connections are many.
const KEPT: usize = 64;

impl<T> Queue<T> {
    pub(super) fn new() -> Self {
        Self {
            first: None,
            rest: VecDeque::new(),
        }
    }

    pub(super) fn len(&self) -> usize {
        usize::from(self.first.is_some()) + self.rest.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.first.is_none()
    }

    pub(super) fn get(&self, position: usize) -> Option<&T> {
        match position.checked_sub(1) {
            None => self.first.as_ref(),
            Some(behind) => self.rest.get(behind),
        }
    }

    pub(super) fn get_mut(&mut self, position: usize) -> Option<&mut T> {
        match position.checked_sub(1) {
            None => self.first.as_mut(),
            Some(behind) => self.rest.get_mut(behind),
        }
    }

    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = &mut T> {
        self.first.iter_mut().chain(&mut self.rest)
    }

    pub(super) fn push_back(&mut self, item: T) {
        if self.first.is_none() {
            self.first = Some(item);
        } else {
            self.rest.push_back(item);
        }
    }

    #[inline]
    pub(super) fn pop_front(&mut self) -> Option<T> {
        let popped = self.first.take()?;
        if !self.rest.is_empty() {
            self.first = self.rest.pop_front();
            if self.rest.is_empty() && self.rest.capacity() > KEPT {
                self.rest = VecDeque::new();
            }
        }
        Some(popped)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A queue, and what it is to be like.
    struct Case {
        queue: Queue<usize>,
        model: VecDeque<usize>,
    }

    impl Case {
        fn act(&mut self, action: usize, item: usize) {
            let Self { queue, model } = self;
            match action {
                0 => {
                    queue.push_back(item);
                    model.push_back(item);
                }
                1 => assert_eq!(queue.pop_front(), model.pop_front()),
                _ => {
                    let position = item % 3;
                    assert_eq!(queue.get(position), model.get(position));
                    let both = (queue.get_mut(position), model.get_mut(position));
                    if let (Some(own), Some(other)) = both {
                        (*own, *other) = (item, item);
                    }
                }
            }
            assert_eq!(queue.len(), model.len());
            assert_eq!(queue.is_empty(), model.is_empty());
            assert!(queue.iter_mut().eq(&mut *model));
        }
    }

    /// All ways to do seven things in a row.
    #[test]
    fn it_is_like_a_deque() {
        const ACTIONS: usize = 3;
        for way in 0..ACTIONS.pow(7) {
            let (queue, model) = (Queue::new(), VecDeque::new());
            let mut case = Case { queue, model };
            for step in 0..7 {
                case.act(way / ACTIONS.pow(step) % ACTIONS, step as usize);
            }
        }
    }

    #[test]
    fn a_burst_does_not_stay_in_memory() {
        let mut queue = Queue::new();
        (0..10 * KEPT).for_each(|item| queue.push_back(item));
        while queue.pop_front().is_some() {}
        assert!(queue.rest.capacity() <= KEPT);
    }
}
