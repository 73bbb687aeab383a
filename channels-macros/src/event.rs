//! `#[derive(Event)]`.

use crate::{
    attribute::check_event,
    errors::Errors,
    literal, overflow,
    parse::{comma, crate_argument, default_crate},
};
use proc_macro2::TokenStream;
use quote::quote;
use syn::{
    Attribute, Data, DeriveInput, Expr, Fields, Ident, LitStr, Meta, Path, Token, ext::IdentExt,
    parse::ParseStream, parse_quote,
};

/// What `#[event(...)]` says.
#[derive(Default)]
struct Args {
    name: Option<LitStr>,
    overflow: Option<Expr>,
    krate: Option<Path>,
}

/// Input: `#[derive(Event)] #[event("cursor", overflow = latest)] struct Cursor { .. }`. Output:
///
/// ```text
/// #[automatically_derived]
/// impl ::phx_channels::Event for Cursor {
///     const NAME: &'static ::core::primitive::str = "cursor";
///     const OVERFLOW: ::core::option::Option<::phx_channels::Overflow> =
///         ::core::option::Option::Some(::phx_channels::Overflow::Latest);
/// }
/// ```
pub(crate) fn derive(item: TokenStream) -> TokenStream {
    let mut input: DeriveInput = match syn::parse2(item) {
        Ok(input) => input,
        Err(error) => return error.to_compile_error(),
    };
    let mut errors = Errors::default();
    let args = args(&input.attrs, &mut errors);
    for attribute in inside(&input.data).filter(|attribute| is_event(attribute)) {
        errors.at(attribute.path(), "`#[event]` goes on the type");
    }
    let name = match args.name {
        Some(name) => name,
        None => default_name(&input.ident),
    };
    check_event(&name, &mut errors);
    if let Some(message) = literal::event(&name.value(), None) {
        errors.at(&name, message);
    }
    let policy = args
        .overflow
        .and_then(|value| overflow::parse(&value, &mut errors));
    let messages = match errors.finish(()) {
        Ok(()) => TokenStream::new(),
        Err(error) => error.to_compile_error(),
    };
    let krate = args.krate.unwrap_or_else(default_crate);
    if !input.generics.params.is_empty() {
        // Whether a generic type can be serialized depends on its parameters.
        let bound = parse_quote!(Self: #krate::__private::Serialize);
        input.generics.make_where_clause().predicates.push(bound);
    }
    let overflow = policy.map(|policy| {
        quote! {
            const OVERFLOW: ::core::option::Option<#krate::Overflow> =
                ::core::option::Option::Some(#krate::Overflow::#policy);
        }
    });
    let ident = &input.ident;
    let (impl_generics, type_generics, where_clause) = input.generics.split_for_impl();
    quote! {
        #[automatically_derived]
        impl #impl_generics #krate::Event for #ident #type_generics #where_clause {
            const NAME: &'static ::core::primitive::str = #name;
            #overflow
        }
        #messages
    }
}

fn is_event(attribute: &Attribute) -> bool {
    attribute.path().is_ident("event")
}

/// The attributes of variants and fields.
fn inside(data: &Data) -> Box<dyn Iterator<Item = &Attribute> + '_> {
    fn of_fields(fields: &Fields) -> impl Iterator<Item = &Attribute> {
        fields.iter().flat_map(|field| &field.attrs)
    }
    match data {
        Data::Struct(data) => Box::new(of_fields(&data.fields)),
        Data::Enum(data) => Box::new(data.variants.iter().flat_map(|variant| {
            let fields = of_fields(&variant.fields);
            variant.attrs.iter().chain(fields)
        })),
        Data::Union(data) => Box::new(data.fields.named.iter().flat_map(|field| &field.attrs)),
    }
}

/// Reads the attribute. The implementation is written even where it is mistaken, so that rustc does
/// not ask for that too.
fn args(attrs: &[Attribute], errors: &mut Errors) -> Args {
    let mut attrs = attrs.iter().filter(|attribute| is_event(attribute));
    let Some(attribute) = attrs.next() else {
        return Args::default();
    };
    for second in attrs {
        errors.at(second.path(), "a type takes one `#[event]`");
    }
    let mut args = Args::default();
    match &attribute.meta {
        Meta::List(list) => {
            let parser = |input: ParseStream<'_>| arguments(input, &mut args);
            errors.keep(list.parse_args_with(parser));
        }
        meta => errors.at(meta.path(), "expected `#[event(\"name\")]`"),
    }
    args
}

fn arguments(input: ParseStream<'_>, args: &mut Args) -> syn::Result<()> {
    while !input.is_empty() {
        if is_overflow(input) {
            policy(input, &mut args.overflow)?;
        } else if input.peek(Token![crate]) || input.peek2(Token![=]) {
            let known =
                "the event's name as a string literal, `overflow = policy`, or `crate = path`";
            crate_argument(input, &mut args.krate, known)?;
        } else {
            name(input, &mut args.name)?;
        }
        comma(input)?;
    }
    Ok(())
}

fn is_overflow(input: ParseStream<'_>) -> bool {
    let word = input.fork().parse::<Ident>();
    word.is_ok_and(|word| word == "overflow")
}

/// Reads `overflow = policy`. Which policies there are is asked later.
fn policy(input: ParseStream<'_>, policy: &mut Option<Expr>) -> syn::Result<()> {
    let word: Ident = input.parse()?;
    if policy.is_some() {
        let message = "`overflow` is given twice";
        return Err(syn::Error::new(word.span(), message));
    }
    // The end of the arguments has no place of its own.
    let end = word.span();
    let place = |input: ParseStream<'_>| if input.is_empty() { end } else { input.span() };
    let equals = place(input);
    let expected = |place| syn::Error::new(place, format!("expected {}", overflow::usage()));
    input.parse::<Token![=]>().map_err(|_| expected(equals))?;
    let value = place(input);
    *policy = Some(input.parse().map_err(|_| expected(value))?);
    Ok(())
}

fn name(input: ParseStream<'_>, name: &mut Option<LitStr>) -> syn::Result<()> {
    let ahead = input.fork();
    match input.parse() {
        Ok(text) if name.is_none() => *name = Some(text),
        Ok(text) => return Err(syn::Error::new(text.span(), "an event has one name")),
        Err(_) => return Err(ahead.error("the name of an event must be a string literal")),
    }
    Ok(())
}

/// The name of the type in `snake_case`, a run of capitals being one word.
fn default_name(ident: &Ident) -> LitStr {
    let letters: Vec<_> = ident.unraw().to_string().chars().collect();
    let mut name = String::new();
    for (index, letter) in letters.iter().enumerate() {
        let before = index.checked_sub(1).map(|before| letters[before]);
        let ends_word = before.is_some_and(|before| before.is_lowercase() || before.is_numeric());
        let ends_run = before.is_some_and(char::is_uppercase)
            && letters
                .get(index + 1)
                .is_some_and(|after| after.is_lowercase());
        if letter.is_uppercase() && (ends_word || ends_run) {
            name.push('_');
        }
        name.extend(letter.to_lowercase());
    }
    LitStr::new(&name, ident.span())
}
