//! What the load generator and the floor have in common: frames over a socket, and nothing else.

pub mod frame;
pub mod socket;
