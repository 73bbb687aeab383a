use std::fmt::{self, Display, Formatter, Write};

/// Characters of a name that are shown.
const NAME: usize = 64;
/// Characters of a longer text that are shown.
const EXCERPT: usize = 256;

/// A name from a client, as the log shows it: on one line and without control characters, so that no client can write
/// lines of its own, and not more than its first 64 characters.
pub(crate) struct Quoted<'a>(pub(crate) &'a str);

/// A text that may repeat what a client has sent, such as an error: likewise, but its first 256 characters.
pub(crate) struct Excerpt<T>(pub(crate) T);

/// Escapes what is written, and drops what is too much.
struct Cut<'a, 'f> {
    f: &'a mut Formatter<'f>,
    left: usize,
    too_long: bool,
}

impl<'a, 'f> Cut<'a, 'f> {
    fn new(f: &'a mut Formatter<'f>, left: usize) -> Self {
        Self {
            f,
            left,
            too_long: false,
        }
    }
}

impl Write for Cut<'_, '_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for c in text.chars() {
            if self.left == 0 {
                self.too_long = true;
                return Ok(());
            }
            self.left -= 1;
            match c {
                '\'' | '"' | '\\' => self.f.write_char(c)?,
                c => write!(self.f, "{}", c.escape_debug())?,
            }
        }
        Ok(())
    }
}

impl Display for Quoted<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_char('`')?;
        let mut cut = Cut::new(f, NAME);
        cut.write_str(self.0)?;
        let too_long = cut.too_long;
        f.write_char('`')?;
        if too_long {
            write!(f, " (cut, {} bytes)", self.0.len())?;
        }
        Ok(())
    }
}

impl<T: Display> Display for Excerpt<T> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let mut cut = Cut::new(f, EXCERPT);
        write!(cut, "{}", self.0)?;
        if cut.too_long {
            f.write_str("... (cut)")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_quoted_on_one_line() {
        for (name, shown) in [
            ("rooms:lobby", "`rooms:lobby`"),
            ("", "``"),
            ("it's \"ä\" \\", "`it's \"ä\" \\`"),
            ("a\nERROR b\u{1b}[2J", "`a\\nERROR b\\u{1b}[2J`"),
            ("\u{202e}abc", "`\\u{202e}abc`"),
        ] {
            assert_eq!(Quoted(name).to_string(), shown);
        }
    }

    #[test]
    fn long_texts_are_cut() {
        let long = "ä".repeat(1024 * 1024);
        let shown = Quoted(&long).to_string();
        let first = "ä".repeat(NAME);
        assert_eq!(shown, format!("`{first}` (cut, 2097152 bytes)"));
        let first = "ä".repeat(EXCERPT);
        assert_eq!(Excerpt(&long).to_string(), format!("{first}... (cut)"));
        assert_eq!(Excerpt(7).to_string(), "7");
        let just = "ä".repeat(EXCERPT);
        assert_eq!(Excerpt(&just).to_string(), just);
    }
}
