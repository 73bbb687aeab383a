//! How rustc answers the macro.

/// All is well.
#[derive(Debug)]
pub struct Sound;

/// It is a mistake.
#[derive(Debug)]
pub struct Mistaken;
