//! Whether the task of a connection yields before it asks its client for more.
//!
//! To ask a socket that has nothing yet takes two calls of the system on smol, and to be told when it has something the
//! reactor besides. Where a server has much to do, the next message mostly is there once the tasks that wait have had
//! their turn, and all of that is spared. Where it has little to do, or asking costs nothing (as on tokio), to yield is
//! a turn for nothing. Which of them it is shows only afterwards, so each thread keeps an account.

use std::cell::Cell;

thread_local! {
    static ACCOUNT: Cell<Account> = const { Cell::new(Account::new()) };
}

/// What it earns when the message is there, and costs when it is not: it goes on where it helps in more than six cases
/// of ten.
const EARNED: u8 = 2;
const COST: u8 = 3;

/// What can be saved up: a thread forgets its better days within some fifty messages.
const MOST: u8 = 128;

/// Of so many occasions one is taken without credit, to see whether it helps by now.
const TRIAL: u8 = 32;

#[derive(Clone, Copy, Debug)]
struct Account {
    credit: u8,
    /// Occasions until the next trial.
    trial: u8,
}

/// Whether to yield, as far as this thread knows.
pub(super) fn may_help() -> bool {
    update(Account::decide)
}

/// Notes whether there was something after it.
pub(super) fn has_helped(it_has: bool) {
    update(|account| account.note(it_has));
}

fn update<T>(change: impl FnOnce(&mut Account) -> T) -> T {
    let mut account = ACCOUNT.get();
    let result = change(&mut account);
    ACCOUNT.set(account);
    result
}

impl Account {
    const fn new() -> Self {
        Self {
            credit: 0,
            trial: TRIAL,
        }
    }

    fn decide(&mut self) -> bool {
        self.trial -= 1;
        let tries = self.trial == 0;
        if tries {
            self.trial = TRIAL;
        }
        tries || self.credit > 0
    }

    fn note(&mut self, it_has: bool) {
        self.credit = if it_has {
            MOST.min(self.credit + EARNED)
        } else {
            self.credit.saturating_sub(COST)
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How often it is done on so many occasions, if it helps in so many of ten.
    fn done(occasions: usize, helps: usize) -> usize {
        let mut account = Account::new();
        let mut done = 0;
        for _ in 0..occasions {
            if account.decide() {
                done += 1;
                account.note(done * helps / 10 > (done - 1) * helps / 10);
            }
        }
        done
    }

    #[test]
    fn what_helps_goes_on_and_what_does_not_is_tried_now_and_then() {
        let trial = usize::from(TRIAL);
        assert_eq!(done(100 * trial, 0), 100);
        assert_eq!(done(100 * trial, 10), 99 * trial + 1);
        assert!(done(100 * trial, 5) <= 200);
        assert!(done(100 * trial, 7) > 95 * trial);
    }

    #[test]
    fn better_days_are_forgotten() {
        let mut account = Account::new();
        (0..1000).for_each(|_| account.note(true));
        (0..50).for_each(|_| account.note(false));
        assert_eq!(account.credit, 0);
    }
}
