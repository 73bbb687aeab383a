use super::*;
use crate::hub::Room;

/// A mailbox under test, and the broadcasts that it has dropped.
struct Case {
    mailbox: Mailbox,
    /// Bytes that its connection has left for it.
    left: usize,
    dropped: Vec<String>,
}

fn mailbox(frames: usize, bytes: usize) -> Case {
    Case {
        mailbox: Mailbox::new(QueueLimits { frames, bytes }),
        left: usize::MAX,
        dropped: Vec::new(),
    }
}

fn text(frame: &Frame) -> String {
    match frame {
        Frame::Text(text) => text.to_string(),
        Frame::Binary(_) => panic!("no test sends bytes"),
    }
}

impl Case {
    /// Queues what may not be dropped; whether the connection goes on.
    fn keep(&mut self, frame: &str) -> bool {
        let frame = Frame::Text(frame.into());
        let dropped = &mut self.dropped;
        let ring = self
            .mailbox
            .push(frame, self.left, |_, lost| dropped.push(text(&lost.frame)));
        ring == Some(Ring::Mail)
    }

    /// Queues a broadcast on a topic, whose text begins with the name of its event.
    fn broadcast(&mut self, overflow: Overflow, topic: &str, frame: &str) -> Option<Ring> {
        let broadcast = Broadcast {
            frame: Frame::Text(frame.into()),
            room: Arc::new(Room::new(&topic.into())),
            event: frame[..1].into(),
        };
        let dropped = &mut self.dropped;
        let lost = |_, lost: &Broadcast| dropped.push(text(&lost.frame));
        let broadcast = Arc::new(broadcast);
        let left = self.left;
        self.mailbox
            .push_broadcast(overflow, &broadcast, left, lost)
    }

    fn broadcasts(&mut self, overflow: Overflow, frames: &[&str]) {
        for frame in frames {
            self.broadcast(overflow, "topic", frame);
        }
    }

    /// Takes all that is queued.
    fn take(&self) -> Vec<String> {
        let mut taken = Vec::new();
        loop {
            let mut batch = ArrayVec::<_, 2>::new();
            let (_, all) = self.mailbox.take(usize::MAX, &mut batch);
            taken.extend(batch.into_iter().map(|frame| text(&frame)));
            if all {
                break;
            }
        }
        let inner = self.mailbox.inner.lock();
        assert_eq!((inner.len(), inner.bytes, inner.large), (0, 0, 0));
        assert_eq!(inner.kept(), Load::default());
        taken
    }
}

#[test]
fn a_queued_frame_is_no_larger_than_a_frame() {
    assert_eq!(size_of::<Queued>(), size_of::<Frame>());
}

#[test]
fn the_oldest_go_until_there_is_room_in_messages() {
    let mut case = mailbox(3, 100);
    case.broadcasts(Overflow::DropOldest, &["a1", "a2", "a3", "a4", "a5"]);
    assert_eq!(case.dropped, ["a1", "a2"]);
    assert_eq!(case.take(), ["a3", "a4", "a5"]);
}

#[test]
fn the_oldest_go_until_there_is_room_in_bytes() {
    let mut case = mailbox(100, 6);
    case.broadcasts(Overflow::DropOldest, &["a1", "a2", "a3", "a_long"]);
    assert_eq!(case.dropped, ["a1", "a2", "a3"]);
    assert_eq!(case.take(), ["a_long"]);
    case.broadcasts(Overflow::DropOldest, &["a1", "a2", "a3", "a_4"]);
    assert_eq!(case.take(), ["a3", "a_4"]);
}

#[test]
fn what_cannot_fit_drops_nothing_but_itself() {
    let mut case = mailbox(100, 6);
    case.broadcasts(Overflow::DropOldest, &["a1", "a2", "longer than all"]);
    assert_eq!(case.dropped, ["longer than all"]);
    assert!(case.keep("ke"));
    case.dropped.clear();
    // Dropping `a1` and `a2` would not be enough.
    case.broadcasts(Overflow::DropOldest, &["a_long"]);
    assert_eq!(case.dropped, ["a_long"]);
    assert_eq!(case.take(), ["a1", "a2", "ke"]);
}

#[test]
fn the_oldest_go_from_between_what_stays_in_order() {
    let mut case = mailbox(5, 100);
    assert!(case.keep("k1"));
    case.broadcasts(Overflow::DropNewest, &["b1"]);
    case.broadcasts(Overflow::DropOldest, &["a1"]);
    assert!(case.keep("k2"));
    case.broadcasts(Overflow::DropOldest, &["a2", "a3"]);
    assert_eq!(case.dropped, ["a1"]);
    assert_eq!(case.take(), ["k1", "b1", "k2", "a2", "a3"]);
}

#[test]
fn the_oldest_of_other_policies_do_not_go() {
    let mut case = mailbox(2, 100);
    case.broadcasts(Overflow::DropNewest, &["a1"]);
    case.broadcasts(Overflow::Latest, &["b1"]);
    case.broadcasts(Overflow::DropOldest, &["c1"]);
    assert_eq!(case.dropped, ["c1"]);
    assert_eq!(case.take(), ["a1", "b1"]);
}

#[test]
fn the_newest_goes() {
    let mut case = mailbox(2, 100);
    case.broadcasts(Overflow::DropNewest, &["a1", "a2", "a3", "a4"]);
    assert_eq!(case.dropped, ["a3", "a4"]);
    assert_eq!(case.take(), ["a1", "a2"]);

    let mut case = mailbox(100, 5);
    case.broadcasts(Overflow::DropNewest, &["a1", "a_long", "a2"]);
    assert_eq!(case.dropped, ["a_long"]);
    assert_eq!(case.take(), ["a1", "a2"]);
}

#[test]
fn what_is_dropped_at_once_wakes_nobody() {
    let mut case = mailbox(1, 100);
    let mut push = |frame| case.broadcast(Overflow::DropNewest, "topic", frame);
    assert_eq!(push("a1"), Some(Ring::Mail));
    assert_eq!(push("a2"), None);
}

#[test]
fn the_latest_replaces_the_older_one_and_goes_to_the_end() {
    let mut case = mailbox(100, 100);
    case.broadcasts(Overflow::Latest, &["a1", "b1"]);
    assert!(case.keep("k1"));
    case.broadcasts(Overflow::Latest, &["a2"]);
    assert_eq!(case.dropped, ["a1"]);
    assert_eq!(case.take(), ["b1", "k1", "a2"]);
    // What has been taken is not replaced any more.
    case.broadcasts(Overflow::Latest, &["a3"]);
    assert_eq!(case.dropped, ["a1"]);
    assert_eq!(case.take(), ["a3"]);
}

#[test]
fn the_latest_replaces_nothing_but_its_own_event_and_topic_and_policy() {
    let mut case = mailbox(100, 100);
    case.broadcast(Overflow::Latest, "topic", "a1");
    case.broadcast(Overflow::Latest, "other topic", "a2");
    case.broadcast(Overflow::DropOldest, "topic", "a3");
    case.broadcast(Overflow::Latest, "topic", "b1");
    case.broadcast(Overflow::Latest, "topic", "a4");
    assert_eq!(case.dropped, ["a1"]);
    assert_eq!(case.take(), ["a2", "a3", "b1", "a4"]);
}

#[test]
fn the_latest_fits_in_the_place_of_the_older_one() {
    let mut case = mailbox(2, 6);
    assert!(case.keep("k1"));
    case.broadcasts(Overflow::Latest, &["a1", "a2", "a__3"]);
    assert_eq!(case.dropped, ["a1", "a2"]);
    assert_eq!(case.take(), ["k1", "a__3"]);
}

#[test]
fn the_latest_that_does_not_fit_leaves_the_older_one() {
    let mut case = mailbox(2, 6);
    assert!(case.keep("k1"));
    case.broadcasts(Overflow::Latest, &["a1", "a_too_long", "b1"]);
    assert_eq!(case.dropped, ["a_too_long", "b1"]);
    assert_eq!(case.take(), ["k1", "a1"]);
}

#[test]
fn what_is_kept_takes_the_place_of_broadcasts_of_any_policy() {
    let mut case = mailbox(3, 100);
    case.broadcasts(Overflow::DropNewest, &["a1"]);
    case.broadcasts(Overflow::Latest, &["b1"]);
    case.broadcasts(Overflow::DropOldest, &["c1"]);
    for kept in ["k1", "k2", "k3"] {
        assert!(case.keep(kept));
    }
    assert_eq!(case.dropped, ["a1", "b1", "c1"]);
    assert_eq!(case.take(), ["k1", "k2", "k3"]);
}

#[test]
fn what_is_kept_ends_the_connection_where_all_broadcasts_would_not_be_enough() {
    let mut case = mailbox(100, 6);
    assert!(case.keep("k1"));
    case.broadcasts(Overflow::DropOldest, &["a1", "a2"]);
    assert!(!case.keep("k_2_3"));
    assert_eq!(case.mailbox.ending(), Some(CloseCode::Overflow));
    assert!(case.dropped.is_empty());
    assert_eq!(case.take(), [""; 0]);
    assert_eq!(case.broadcast(Overflow::DropOldest, "topic", "a3"), None);
    assert!(case.dropped.is_empty(), "an ended connection loses nothing");
}

#[test]
fn broadcasts_that_may_go_do_not_hold_the_client_up() {
    let mut case = mailbox(4, 100);
    let room = |case: &Case| case.mailbox.room_for_answers(10);
    case.broadcasts(Overflow::DropOldest, &["a1", "a2", "a3", "a4"]);
    assert_eq!(room(&case), Some(10));
    for (kept, left) in [("k1", Some(8)), ("k2", Some(6)), ("k3", None)] {
        assert!(case.keep(kept));
        assert_eq!(room(&case), left);
    }
}

#[test]
fn an_empty_mailbox_takes_one_frame_of_any_size() {
    for overflow in [Overflow::DropOldest, Overflow::DropNewest, Overflow::Latest] {
        let mut case = mailbox(100, 6);
        case.broadcasts(overflow, &["longer than all"]);
        assert_eq!(case.take(), ["longer than all"]);
        assert!(case.dropped.is_empty());
    }
}

#[test]
fn one_frame_of_any_size_may_be_queued_and_does_not_count() {
    let mut case = mailbox(100, 6);
    assert!(case.keep("k1"));
    assert!(case.keep("longer than all"));
    assert!(case.keep("k2"));
    assert!(case.keep("k3"));
    assert_eq!(case.mailbox.bytes(), 6 + "longer than all".len());
    assert_eq!(case.mailbox.room_for_answers(100), None);
    assert!(!case.keep("k"), "what is no larger counts");

    let mut case = mailbox(100, 6);
    assert!(case.keep("longer than all"));
    assert!(!case.keep("one more of these"));
}

#[test]
fn it_has_no_more_than_its_connection_has_left() {
    let mut case = mailbox(100, 100);
    case.left = 6;
    case.broadcasts(Overflow::DropOldest, &["a1", "a2", "a3", "a4"]);
    assert_eq!(case.dropped, ["a1"]);
    assert!(case.keep("k1"));
    assert_eq!(case.dropped, ["a1", "a2"]);
    assert_eq!(case.take(), ["a3", "a4", "k1"]);
}

#[test]
fn broadcasts_give_way_to_what_the_connection_keeps() {
    let mut case = mailbox(100, 100);
    case.broadcasts(Overflow::DropNewest, &["a1", "a2"]);
    assert!(case.keep("k1"));
    case.broadcasts(Overflow::Latest, &["b1"]);
    let give_way = |case: &mut Case, left| {
        let dropped = &mut case.dropped;
        let lost = |_, lost: &Broadcast| dropped.push(text(&lost.frame));
        case.mailbox.give_way(left, lost);
    };
    give_way(&mut case, 8);
    assert!(case.dropped.is_empty());
    give_way(&mut case, 6);
    assert_eq!(case.dropped, ["a1"]);
    give_way(&mut case, 0);
    assert_eq!(case.dropped, ["a1", "a2", "b1"]);
    assert_eq!(case.take(), ["k1"]);
}

#[test]
fn a_closed_mailbox_gives_back_all_in_order() {
    let mut case = mailbox(100, 100);
    case.broadcasts(Overflow::DropOldest, &["a1"]);
    assert!(case.keep("k1"));
    case.broadcasts(Overflow::Latest, &["b1"]);
    let left: Vec<_> = case.mailbox.close().map(|frame| text(&frame)).collect();
    assert_eq!(left, ["a1", "k1", "b1"]);
    assert_eq!(case.take(), [""; 0]);
}

/// What a mailbox has and does, said as simply as can be.
#[derive(Default)]
struct Model {
    /// The policy of what may be dropped, its topic, and the text.
    frames: Vec<(Option<Overflow>, &'static str, String)>,
    dropped: Vec<String>,
    ended: bool,
}

impl Model {
    const FRAMES: usize = 6;
    const BYTES: usize = 20;

    fn fits(&self, without: impl Fn(Overflow) -> bool, text: &str) -> bool {
        let stays = |overflow: &Option<Overflow>| !overflow.is_some_and(&without);
        let stay = self.frames.iter().filter(|(overflow, ..)| stays(overflow));
        let lengths: Vec<_> = stay.map(|(.., text)| text.len()).collect();
        lengths.len() < Self::FRAMES && lengths.iter().sum::<usize>() + text.len() <= Self::BYTES
    }

    fn remove(&mut self, position: usize) {
        let (.., text) = self.frames.remove(position);
        self.dropped.push(text);
    }

    /// Drops the oldest that may go, if that is enough.
    fn make_room(&mut self, may_go: impl Fn(Overflow) -> bool, text: &str) -> bool {
        if !self.fits(&may_go, text) {
            return false;
        }
        while !self.fits(|_| false, text) {
            let goes = |(overflow, ..): &(Option<Overflow>, _, _)| overflow.is_some_and(&may_go);
            let oldest = self.frames.iter().position(goes).unwrap();
            self.remove(oldest);
        }
        true
    }

    fn keep(&mut self, text: &str) {
        if self.ended {
            return;
        }
        if self.make_room(|_| true, text) {
            self.frames.push((None, "", text.into()));
        } else {
            self.ended = true;
            self.frames.clear();
        }
    }

    fn broadcast(&mut self, overflow: Overflow, topic: &'static str, text: &str) {
        if self.ended {
            return;
        }
        if overflow == Overflow::Latest {
            let is_outdated = |(policy, other, older): &(Option<Overflow>, _, String)| {
                *policy == Some(overflow) && *other == topic && older[..1] == text[..1]
            };
            if let Some(older) = self.frames.iter().position(is_outdated) {
                let bytes: usize = self.frames.iter().map(|(.., text)| text.len()).sum();
                if bytes - self.frames[older].2.len() + text.len() <= Self::BYTES {
                    self.remove(older);
                }
            }
        }
        let may_go = |other| overflow == Overflow::DropOldest && other == overflow;
        if self.make_room(may_go, text) {
            self.frames.push((Some(overflow), topic, text.into()));
        } else {
            self.dropped.push(text.into());
        }
    }
}

#[test]
fn it_does_what_a_simple_one_does() {
    for seed in 0..1_000 {
        let mut random = Random(seed);
        let mut case = mailbox(Model::FRAMES, Model::BYTES);
        let mut model = Model::default();
        for n in 0..200 {
            let event = ["a", "b", "c"][random.below(3)];
            let message = format!("{event}{n}{}", "x".repeat(random.below(6)));
            let topic = ["one", "other"][random.below(2)];
            match random.below(12) {
                0 => {
                    case.keep(&message);
                    model.keep(&message);
                }
                1 => {
                    let mut batch = ArrayVec::<_, 3>::new();
                    case.mailbox.take(random.below(20) + 1, &mut batch);
                    for frame in batch {
                        let (.., expected) = model.frames.remove(0);
                        assert_eq!(text(&frame), expected, "seed {seed}");
                    }
                }
                which => {
                    let policies = [Overflow::DropOldest, Overflow::DropNewest, Overflow::Latest];
                    let overflow = policies[which % 3];
                    case.broadcast(overflow, topic, &message);
                    model.broadcast(overflow, topic, &message);
                }
            }
            assert_eq!(case.dropped, model.dropped, "seed {seed}");
        }
        let left: Vec<_> = model.frames.into_iter().map(|(.., text)| text).collect();
        assert_eq!(case.take(), left, "seed {seed}");
    }
}

/// Numbers that look random.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        usize::try_from(self.0 >> 33).unwrap() % end
    }
}

/// Gaps take no more places than frames, and few besides.
#[test]
fn what_is_dropped_from_between_leaves_no_more_gaps_than_frames() {
    let mut case = mailbox(1000, 100_000);
    assert!(case.keep("k1"));
    for n in 0..10_000 {
        case.broadcasts(Overflow::Latest, &[&format!("a{n}"), &format!("b{n}")]);
        let places = case.mailbox.inner.lock().frames.len();
        assert!(places <= 3 + 64 + 3 + 1, "{places} places for three frames");
    }
    assert_eq!(case.take(), ["k1", "a9999", "b9999"]);
}
