//! `rate = "10/s"`: how often an event may come.

use crate::errors::Errors;
use syn::LitStr;

#[derive(Clone, Copy)]
pub(crate) struct Rate {
    pub(crate) times: u32,
    pub(crate) unit: Unit,
}

#[derive(Clone, Copy)]
pub(crate) enum Unit {
    Second,
    Minute,
}

impl Rate {
    /// Reads a rate; one that is wrong is reported and left out.
    pub(crate) fn parse(text: &LitStr, errors: &mut Errors) -> Option<Self> {
        let value = text.value();
        let rate = Self::read(&value);
        if rate.is_none() {
            let message = format!(
                "`{value}` is no rate; write `\"10/s\"` for ten a second, or `\"10/m\"` for ten a minute"
            );
            errors.at(text, message);
        }
        rate
    }

    fn read(text: &str) -> Option<Self> {
        let (times, unit) = text.split_once('/')?;
        // A number can also be read with a sign.
        let times = times
            .starts_with(|digit: char| digit.is_ascii_digit())
            .then_some(times)?;
        let times = times.parse().ok().filter(|times| *times > 0)?;
        let unit = match unit {
            "s" => Unit::Second,
            "m" => Unit::Minute,
            _ => return None,
        };
        Some(Self { times, unit })
    }
}
