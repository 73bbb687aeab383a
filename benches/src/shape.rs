//! The work that all servers are given.

use crate::servers::Server;

#[derive(Clone, Copy, Debug)]
pub(crate) struct Shape {
    /// As it is called in the tables and on the command line.
    pub(crate) name: &'static str,
    pub(crate) about: &'static str,
    /// How often each server takes its turn in a round, and does a part of the work.
    pub(crate) turns: u32,
    /// A server has all of its turns before the next one is started. Clients of one server only that could not all be
    /// there at once, each of them being an open file.
    pub(crate) alone: bool,
    pub(crate) work: Work,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Work {
    FanOut(FanOut),
    /// Connections that join a topic each, and do nothing.
    Idle {
        connections: u32,
    },
    /// Connections that ask so often each, and wait for the answer.
    Request {
        connections: u32,
        requests: u32,
    },
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct FanOut {
    pub(crate) topics: u32,
    /// Of each topic; the first ones publish.
    pub(crate) members: u32,
    pub(crate) publishers: u32,
    /// Of each publisher.
    pub(crate) in_flight: u32,
    pub(crate) payload: usize,
    /// Connections that are members of another topic.
    pub(crate) others: u32,
    /// What is published by all publishers together.
    pub(crate) messages: u32,
}

const ONE_TOPIC: FanOut = FanOut {
    topics: 1,
    members: 1000,
    publishers: 1,
    in_flight: 1,
    payload: 64,
    others: 0,
    messages: 400,
};

/// So short are turns that each is a burst on connections that were idle before, and that the machine is the same for
/// all servers.
const BURSTS: u32 = 20;

/// The connections of a server that leave room for those of the others.
const TOGETHER: u32 = 2_000;

/// So much in each that every server computes for about a second, or more.
pub(crate) const SHAPES: [Shape; 12] = [
    fan_out(
        "a",
        "1 topic of 1,000 members, 1 message in flight",
        ONE_TOPIC,
    ),
    fan_out(
        "b",
        "the same, 8 in flight",
        FanOut {
            in_flight: 8,
            messages: 1000,
            ..ONE_TOPIC
        },
    ),
    fan_out(
        "c",
        "200 topics of 10 members, 4 in flight each",
        FanOut {
            topics: 200,
            members: 10,
            in_flight: 4,
            messages: 48_000,
            ..ONE_TOPIC
        },
    ),
    // Linux acknowledges the first sixteen packets on a connection that was idle one by one, which both ends pay for.
    // That is most of a burst, and nothing of a stream, where the floor has so much less to do.
    Shape {
        turns: 4,
        ..fan_out(
            "s",
            "(a) as a long stream",
            FanOut {
                messages: 800,
                ..ONE_TOPIC
            },
        )
    },
    Shape {
        name: "d",
        about: "10,000 idle joined connections",
        turns: 1,
        alone: true,
        work: Work::Idle {
            connections: 10_000,
        },
    },
    Shape {
        name: "e",
        about: "500 connections, 1 request in flight each",
        turns: 5,
        alone: false,
        work: Work::Request {
            connections: 500,
            requests: 500,
        },
    },
    fan_out(
        "f1",
        "(a) with payloads of 1 KiB",
        FanOut {
            payload: 1024,
            ..ONE_TOPIC
        },
    ),
    fan_out(
        "f16",
        "(a) with payloads of 16 KiB",
        FanOut {
            payload: 16 * 1024,
            messages: 200,
            ..ONE_TOPIC
        },
    ),
    fan_out(
        "g",
        "1 topic of 1,000 members, 10 publishers at once",
        FanOut {
            publishers: 10,
            messages: 1000,
            ..ONE_TOPIC
        },
    ),
    fan_out(
        "h100",
        "1 topic of 100 members",
        FanOut {
            members: 100,
            messages: 4000,
            ..ONE_TOPIC
        },
    ),
    // A part of so few messages would be none.
    Shape {
        turns: 1,
        ..fan_out(
            "h10000",
            "1 topic of 10,000 members",
            FanOut {
                members: 10_000,
                messages: 40,
                ..ONE_TOPIC
            },
        )
    },
    fan_out(
        "h100+9900",
        "1 topic of 100 members among 10,000 connections",
        FanOut {
            members: 100,
            others: 9_900,
            messages: 4000,
            ..ONE_TOPIC
        },
    ),
];

const fn fan_out(name: &'static str, about: &'static str, work: FanOut) -> Shape {
    Shape {
        name,
        about,
        turns: BURSTS,
        alone: work.topics * work.members + work.others > TOGETHER,
        work: Work::FanOut(work),
    }
}

impl Shape {
    /// The same with so much less to do that it is over at once, also in a build that is not optimized.
    pub(crate) fn small(self) -> Self {
        let work = match self.work {
            Work::FanOut(fan_out) => Work::FanOut(FanOut {
                topics: fan_out.topics.min(20),
                members: fan_out.members.min(100),
                others: fan_out.others.min(100),
                messages: 100,
                ..fan_out
            }),
            Work::Idle { .. } => Work::Idle { connections: 100 },
            Work::Request { .. } => Work::Request {
                connections: 20,
                requests: 50,
            },
        };
        Self {
            work,
            turns: self.turns.min(2),
            ..self
        }
    }

    /// Whether it says something about a server. A bare echo knows no topics.
    pub(crate) fn is_for(&self, server: Server) -> bool {
        matches!(self.work, Work::Request { .. }) || !matches!(server, Server::Echo(_))
    }
}
