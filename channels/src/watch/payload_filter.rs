use crate::{config::Config, message::payload::Payload};
use serde_json::Value;

/// What a value is replaced with.
const FILTERED: &str = "[FILTERED]";
/// Keys of the filter that nobody has chosen.
const DEFAULT_KEYS: [&str; 3] = ["password", "secret", "token"];
/// A payload in a log is read by people.
const DEFAULT_MAX_BYTES: usize = 4096;

/// What spans show of payloads, where [`Config::trace_payloads`] asks for them: JSON, in which the values
/// of some keys are replaced with `"[FILTERED]"`, however deep they are nested. Of a binary payload only
/// the length is shown, and so it is of JSON above [`max_bytes`](Self::max_bytes).
///
/// A key is filtered if it contains one of the words of the filter, whatever their case: `password`
/// filters `passwordConfirmation` and `old_password`, too.
#[derive(Clone, Debug)]
#[must_use = "a filter does nothing until it is given to a configuration"]
pub struct PayloadFilter {
    /// In lower case.
    words: Vec<String>,
    max_bytes: usize,
}

impl PayloadFilter {
    /// A filter of keys with `password`, `secret` or `token` in them.
    pub fn new() -> Self {
        Self::only(DEFAULT_KEYS)
    }

    /// A filter of keys with one of these words in them, and of no others.
    pub fn only<W: AsRef<str>>(words: impl IntoIterator<Item = W>) -> Self {
        let filter = Self {
            words: Vec::new(),
            max_bytes: DEFAULT_MAX_BYTES,
        };
        words
            .into_iter()
            .fold(filter, |filter, word| filter.and(word.as_ref()))
    }

    /// The same filter for keys with this word in them as well.
    pub fn and(mut self, word: &str) -> Self {
        self.words.push(word.to_lowercase());
        self
    }

    /// How many bytes of JSON are shown, as they came: 4,096. Of more only the length is.
    pub fn max_bytes(mut self, bytes: usize) -> Self {
        self.max_bytes = bytes;
        self
    }

    /// What is shown of a payload.
    pub(crate) fn filtered(&self, payload: &Payload) -> String {
        let json = payload
            .as_json()
            .filter(|json| json.len() <= self.max_bytes);
        // Nested too deeply it cannot be looked through, so none of it is shown.
        let parsed = json.and_then(|json| serde_json::from_str(json).ok());
        let Some(mut value) = parsed else {
            return format!("{} bytes", payload.len());
        };
        self.filter(&mut value);
        value.to_string()
    }

    fn filter(&self, value: &mut Value) {
        match value {
            Value::Object(members) => {
                for (key, value) in members {
                    if self.hides(key) {
                        *value = FILTERED.into();
                    } else {
                        self.filter(value);
                    }
                }
            }
            Value::Array(values) => values.iter_mut().for_each(|value| self.filter(value)),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }

    fn hides(&self, key: &str) -> bool {
        let key = key.to_lowercase();
        self.words.iter().any(|word| key.contains(&**word))
    }
}

impl Default for PayloadFilter {
    fn default() -> Self {
        Self::new()
    }
}

impl Config {
    /// Shows the payloads of joins, events and intercepted broadcasts in the field `payload` of their
    /// spans, through this filter. They are not shown unless it is set, for nobody knows better than you
    /// what is in them.
    ///
    /// The parameters that a client connects with are never shown.
    ///
    /// ```
    /// use phx_channels::{Config, PayloadFilter};
    ///
    /// // Not `{"card_number": "4111", "body": "hi"}`, but `{"card_number": "[FILTERED]", "body": "hi"}`.
    /// Config::new().trace_payloads(PayloadFilter::new().and("card"));
    /// ```
    pub fn trace_payloads(mut self, filter: PayloadFilter) -> Self {
        self.payloads.0 = Some(filter);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::binary::Binary;
    use serde_json::{json, value::RawValue};

    fn filtered(filter: &PayloadFilter, payload: &Value) -> Value {
        let text = filter.filtered(&Payload::new(payload).unwrap());
        serde_json::from_str(&text).unwrap()
    }

    #[test]
    fn values_of_telling_keys_are_hidden_however_deep() {
        let payload = json!({
            "user": "ann",
            "password": "hunter2",
            "Password_Confirmation": {"first": "hunter2"},
            "devices": [{"accessToken": [1, 2], "name": "phone"}],
        });
        let shown = json!({
            "user": "ann",
            "password": "[FILTERED]",
            "Password_Confirmation": "[FILTERED]",
            "devices": [{"accessToken": "[FILTERED]", "name": "phone"}],
        });
        assert_eq!(filtered(&PayloadFilter::new(), &payload), shown);
    }

    #[test]
    fn words_are_chosen() {
        let payload = json!({"password": "hunter2", "iban": "DE00", "card": 4111});
        let only = PayloadFilter::only(["IBAN"]);
        let shown = json!({"password": "hunter2", "iban": "[FILTERED]", "card": 4111});
        assert_eq!(filtered(&only, &payload), shown);
        let shown = json!({"password": "hunter2", "iban": "[FILTERED]", "card": "[FILTERED]"});
        assert_eq!(filtered(&only.and("card"), &payload), shown);
    }

    #[test]
    fn of_some_payloads_only_the_length_is_shown() {
        let filter = PayloadFilter::new().max_bytes(16);
        let of = |payload: &Payload| filter.filtered(payload);
        assert_eq!(of(&Payload::new(&"x".repeat(14)).unwrap()).len(), 16);
        assert_eq!(of(&Payload::new(&"x".repeat(15)).unwrap()), "17 bytes");
        assert_eq!(of(&Payload::new(&Binary([0; 3])).unwrap()), "3 bytes");
        let deep = format!("{}{}", "[".repeat(200), "]".repeat(200));
        let deep: &RawValue = serde_json::from_str(&deep).unwrap();
        let filter = filter.max_bytes(1000);
        assert_eq!(filter.filtered(&Payload::raw(deep)), "400 bytes");
    }
}
