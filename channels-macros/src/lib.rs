//! The proc macros of phx-channels. They are documented where that crate exports them.

#![forbid(unsafe_code)]
#![allow(
    missing_docs,
    reason = "what is said here would stand beside what is said there"
)]

mod attribute;
mod errors;
mod event;
mod expand;
mod fallback;
mod literal;
mod model;
mod options;
mod overflow;
mod parse;
mod phase;
mod rate;
mod topic;

#[cfg(test)]
mod tests;

use errors::Errors;
use model::Model;
use parse::{Args, ImplBlock, Item};
use proc_macro::TokenStream;
use proc_macro2::TokenStream as TokenStream2;

#[proc_macro_attribute]
pub fn channel(args: TokenStream, item: TokenStream) -> TokenStream {
    channel_tokens(args.into(), &item.into()).into()
}

#[proc_macro_derive(Event, attributes(event))]
pub fn derive_event(item: TokenStream) -> TokenStream {
    event::derive(item.into()).into()
}

fn channel_tokens(args: TokenStream2, item: &TokenStream2) -> TokenStream2 {
    let mut block = match ImplBlock::parse(item) {
        Ok(block) => block,
        Err(error) => return fallback::unparsed(item, &error),
    };
    let mut errors = Errors::default();
    let args = Args::parse(args, &mut errors);
    model::correct_joins(&mut block, &mut errors);
    model::correct_sends(&mut block, &mut errors);
    phase::check_calls(&mut block, &args);
    let model = Model::new(&block, &mut errors);
    let mut output = match errors.finish(model) {
        Ok(model) => expand::expand(&args, &block, &model),
        Err(error) => fallback::expand(&args, &block, &error),
    };
    output.extend(block.items.iter().map(Item::lost));
    output
}
