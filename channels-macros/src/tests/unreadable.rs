//! Items that cannot be read. rustc reports them when it reads the block, so the macro must neither
//! write them again nor speak of them, nor let them spoil what comes after.

use crate::channel_tokens;
use proc_macro2::TokenStream;

/// The expansion of a block with this between two methods, as text.
fn expansion(item: &str) -> String {
    let block = format!(
        "impl Chat {{
            #[join(\"rooms:*\")] async fn first(&self) {{}}
            {item}
            #[on(\"rooms:*\", \"last\")] async fn last(&self) {{}}
        }}"
    );
    let block: TokenStream = block.parse().unwrap();
    channel_tokens(TokenStream::new(), &block).to_string()
}

#[test]
fn they_are_left_out_in_silence() {
    for item in [
        "#[on(\"rooms:*\", \"x\")] async fn gone(&self, message) {}",
        "#[on(\"rooms:*\", \"x\")] async fn gone(&self) -> {}",
        "#[on(\"rooms:*\", \"x\")] async fn gone(&self) Result<(), ()> {}",
        "#[on(\"rooms:*\", \"x\")] async gone(&self) {}",
        "#[on(\"rooms:*\", \"x\")] async fn gone(&self)",
        "#[on(\"gone:*\", \"x\")] async gone(&self) {}",
        "#[on \"gone\"] async fn gone(&self) {}",
        "#[join \"gone\"] async fn gone(&self) {}",
        "let gone = 1;",
        "struct gone {}",
        "const gone u8 = 1;",
        "gone: u8,",
        ";",
        "#",
        "# gone",
    ] {
        let text = expansion(item);
        assert!(!text.contains("gone :"), "{item}: {text}");
        assert!(!text.contains("gone ("), "{item}: {text}");
        assert!(!text.contains("compile_error"), "{item}: {text}");
        assert!(text.contains("async fn first (& self)"), "{item}: {text}");
        assert!(text.contains("Self :: last (self)"), "{item}: {text}");
        assert_eq!(text.matches("unused_must_use").count(), 1, "{item}: {text}");
        syn::parse_str::<syn::File>(&text).unwrap();
    }
}

/// A join that cannot be read may be the one that another method needs.
#[test]
fn nothing_is_unreachable_beside_them() {
    let text = expansion(
        "#[join(\"gone:*\")] async fn gone(&self) -> {}
        #[on(\"gone:*\", \"x\")] async fn found(&self) {}",
    );
    assert!(!text.contains("compile_error"), "{text}");
    assert!(text.contains("Self :: found (self)"), "{text}");
}

#[test]
fn what_can_be_read_is_not_among_them() {
    for item in [
        "const A: u8 = { syntax error in a body };",
        "pub(crate) const A<T>: [T; { 1 }] = x;",
        "type A<T> = Vec<T> where T: Copy;",
        "vec![1, 2];",
        "vec! { 1, 2 }",
        "pub fn a(&self);",
        "default unsafe extern \"C\" fn a<T>(&self) -> T where T: Copy { syntax error }",
        "#[doc = \"\"] #[cfg(x)] pub(in a::b) const async unsafe fn a() {}",
    ] {
        let text = expansion(item);
        assert!(!text.contains("unused_must_use"), "{item}: {text}");
        assert!(text.contains("async fn last (& self)"), "{item}: {text}");
    }
}

/// rustc goes on as if the semicolon were there, and so does the macro.
#[test]
fn a_const_ends_before_a_handler() {
    let text = expansion("const A: u8 = 1");
    assert!(text.contains("const A : u8 = 1 ;"), "{text}");
    assert!(text.contains("Self :: last (self)"), "{text}");
}
