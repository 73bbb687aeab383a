//! The recorded scenarios, as they are written down: `scenarios/*.json`. A key that is not known here is
//! an error, so that nothing is skipped.

use serde::Deserialize;
use serde_json::{Map, Value};
use std::{
    fs,
    path::{Path, PathBuf},
};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Scenario {
    pub(crate) id: String,
    pub(crate) statement: String,
    pub(crate) vsn: String,
    #[serde(default)]
    steps: Vec<Step>,
    phoenix_1_7_24: Option<Alternative>,
    #[serde(default)]
    also: Vec<Alternative>,
    /// No client depends on it.
    #[serde(default)]
    pub(crate) ours_to_decide: bool,
    /// Frames that are left at the end are no failure.
    #[serde(default)]
    pub(crate) ignore_rest: bool,
    #[serde(rename = "phoenix_did")]
    _phoenix_did: Option<String>,
    #[serde(rename = "note")]
    _note: Option<String>,
    /// The settings of the server that it relies on.
    #[serde(default)]
    needs: Vec<String>,
}

/// One accepted course of a scenario.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Alternative {
    steps: Vec<Step>,
    #[serde(rename = "since")]
    _since: Option<String>,
    #[serde(rename = "why")]
    _why: Option<String>,
}

/// The recorded scenarios with the names of their files, in order.
pub(crate) fn recorded() -> Vec<(String, Vec<Scenario>)> {
    let files = fs::read_dir(folder().join("scenarios")).unwrap();
    let mut files: Vec<_> = files.map(|file| file.unwrap().path()).collect();
    files.sort();
    let name = |file: &Path| file.file_stem().unwrap().to_str().unwrap().to_owned();
    files.iter().map(|file| (name(file), read(file))).collect()
}

/// What this server does where it does something else than Phoenix, which no client depends on: under the
/// id of the recorded scenario.
pub(crate) fn ours() -> Vec<Scenario> {
    read(&folder().join("ours.json"))
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("conformance")
}

fn read(file: &Path) -> Vec<Scenario> {
    serde_json::from_str(&fs::read_to_string(file).unwrap())
        .unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

impl Scenario {
    /// Whether it wants a server whose timeouts are short, which is for nobody else: a machine may be
    /// busy with other things for as long.
    pub(crate) fn needs_haste(&self) -> bool {
        let is_time = |need: &String| need.contains("_ms=");
        self.needs.iter().any(is_time)
    }

    /// The courses that a server may take, any one of them.
    pub(crate) fn courses(&self) -> Vec<&[Step]> {
        let alternatives = self.phoenix_1_7_24.iter().chain(&self.also);
        let courses: Vec<_> = alternatives.map(|course| &*course.steps).collect();
        if courses.is_empty() {
            vec![&self.steps]
        } else {
            courses
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(untagged, deny_unknown_fields)]
pub(crate) enum Step {
    Connect(Connect),
    Send(Send),
    Expect(Expect),
    Nothing(Nothing),
    ExpectClose(ExpectClose),
    Close { close: String, code: u16 },
    Raw { raw: String, hex: String },
    Http(HttpStep),
    Await(Await),
    Abort { abort: String },
    Wait { wait: u64 },
    Discard { discard: String, ms: u64 },
    Distinct { distinct: Vec<String> },
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Connect {
    #[serde(rename = "connect")]
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) vsn: Vsn,
    #[serde(default)]
    pub(crate) query: Map<String, Value>,
    pub(crate) raw_query: Option<String>,
    pub(crate) mount: Option<String>,
    #[serde(default)]
    pub(crate) headers: Map<String, Value>,
    #[serde(default)]
    pub(crate) protocols: Vec<String>,
    pub(crate) protocol: Option<String>,
    pub(crate) transport: Option<String>,
    pub(crate) token_in: Option<String>,
    pub(crate) refused: Option<Response>,
}

/// The version that a client asks for.
#[derive(Debug, Default, Deserialize)]
#[serde(from = "Option<String>")]
pub(crate) enum Vsn {
    /// That of the scenario.
    #[default]
    Usual,
    None,
    Other(String),
}

impl From<Option<String>> for Vsn {
    fn from(vsn: Option<String>) -> Self {
        vsn.map_or(Self::None, Self::Other)
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Send {
    #[serde(rename = "send")]
    pub(crate) name: String,
    pub(crate) frame: Option<Value>,
    pub(crate) frames: Option<Vec<Value>>,
    pub(crate) text: Option<String>,
    pub(crate) text_hex: Option<String>,
    pub(crate) text_repeat: Option<Repeat>,
    pub(crate) hex: Option<String>,
    pub(crate) fragments: Option<Vec<String>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Repeat {
    pub(crate) before: String,
    pub(crate) unit: String,
    pub(crate) times: usize,
    pub(crate) after: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Expect {
    #[serde(rename = "expect")]
    pub(crate) name: String,
    frames: Option<Vec<Value>>,
    unordered: Option<Vec<Value>>,
    phoenix_1_7_24: Option<Frames>,
    #[serde(default)]
    also: Vec<Frames>,
    #[serde(default)]
    pub(crate) then_quiet_ms: u64,
    #[serde(default)]
    pub(crate) settle_ms: u64,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Frames {
    #[serde(rename = "frames")]
    ordered: Option<Vec<Value>>,
    unordered: Option<Vec<Value>>,
    #[serde(rename = "since")]
    _since: Option<String>,
    #[serde(rename = "why")]
    _why: Option<String>,
}

impl Expect {
    /// What may come, any one of these.
    pub(crate) fn outcomes(&self) -> Vec<Frames> {
        let alternatives = self.phoenix_1_7_24.iter().chain(&self.also);
        let outcomes: Vec<_> = alternatives.cloned().collect();
        if outcomes.is_empty() {
            let (ordered, unordered) = (self.frames.clone(), self.unordered.clone());
            vec![Frames {
                ordered,
                unordered,
                ..Frames::default()
            }]
        } else {
            outcomes
        }
    }
}

impl Frames {
    /// The frames, and whether their order counts.
    pub(crate) fn list(&self) -> (&[Value], bool) {
        match (&self.ordered, &self.unordered) {
            (Some(frames), _) => (frames, true),
            (None, Some(frames)) => (frames, false),
            (None, None) => (&[], true),
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Nothing {
    #[serde(rename = "nothing")]
    pub(crate) name: String,
    pub(crate) ms: Option<u64>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ExpectClose {
    #[serde(rename = "expect_close")]
    pub(crate) name: String,
    code: Option<OneOrMore>,
    phoenix_1_7_24: Option<Closed>,
    #[serde(default)]
    also: Vec<Closed>,
    pub(crate) within_ms: Option<u64>,
    #[serde(default)]
    pub(crate) not_before_ms: u64,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Closed {
    code: OneOrMore,
    #[serde(rename = "since")]
    _since: Option<String>,
    #[serde(rename = "why")]
    _why: Option<String>,
}

impl ExpectClose {
    pub(crate) fn accepts(&self, code: u16) -> bool {
        let alternatives = self.phoenix_1_7_24.iter().chain(&self.also);
        let codes = alternatives.map(|other| &other.code).chain(&self.code);
        codes.into_iter().any(|codes| codes.contains(code))
    }
}

#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub(crate) enum OneOrMore {
    One(u16),
    More(Vec<u16>),
}

impl OneOrMore {
    pub(crate) fn contains(&self, code: u16) -> bool {
        match self {
            Self::One(one) => *one == code,
            Self::More(more) => more.contains(&code),
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct HttpStep {
    pub(crate) http: Http,
    pub(crate) background: Option<String>,
    status: Option<OneOrMore>,
    headers: Option<Map<String, Value>>,
    body: Option<String>,
    body_contains: Option<String>,
    json: Option<Value>,
    phoenix_1_7_24: Option<Response>,
    #[serde(default)]
    also: Vec<Response>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Http {
    pub(crate) path: String,
    pub(crate) method: Option<String>,
    pub(crate) mount: Option<String>,
    #[serde(default)]
    pub(crate) query: Map<String, Value>,
    pub(crate) vsn: Option<String>,
    #[serde(default)]
    pub(crate) use_vsn: bool,
    #[serde(default)]
    pub(crate) upgrade: bool,
    #[serde(default)]
    pub(crate) headers: Map<String, Value>,
    pub(crate) body: Option<String>,
    pub(crate) body_lines: Option<Vec<String>>,
}

/// What an HTTP response must be like.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Response {
    pub(crate) status: Option<OneOrMore>,
    pub(crate) headers: Option<Map<String, Value>>,
    pub(crate) body: Option<String>,
    #[serde(default)]
    pub(crate) body_contains: Option<String>,
    #[serde(default)]
    pub(crate) json: Option<Value>,
    #[serde(rename = "since")]
    _since: Option<String>,
    #[serde(rename = "why")]
    _why: Option<String>,
}

impl HttpStep {
    /// What may be answered, any one of these.
    pub(crate) fn responses(&self) -> Vec<Response> {
        let alternatives = self.phoenix_1_7_24.iter().chain(&self.also);
        let alternatives: Vec<_> = alternatives.cloned().collect();
        if alternatives.is_empty() {
            vec![Response {
                status: self.status.clone(),
                headers: self.headers.clone(),
                body: self.body.clone(),
                body_contains: self.body_contains.clone(),
                json: self.json.clone(),
                ..Response::default()
            }]
        } else {
            alternatives
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Await {
    #[serde(rename = "await")]
    pub(crate) name: String,
    status: OneOrMore,
    json: Option<Value>,
}

impl Await {
    pub(crate) fn response(&self) -> Response {
        Response {
            status: Some(self.status.clone()),
            json: self.json.clone(),
            ..Response::default()
        }
    }
}

#[test]
fn what_is_not_known_is_an_error() {
    let read = |text: &str| serde_json::from_str::<Step>(text).map(drop);
    for step in [
        r#"{"connect": "a", "odd": 1}"#,
        r#"{"expect": "a", "frames": [], "odd": 1}"#,
        r#"{"close": "a", "code": 1000, "odd": 1}"#,
        r#"{"raw": "a", "hex": "00", "odd": 1}"#,
        r#"{"abort": "a", "odd": 1}"#,
        r#"{"wait": 5, "odd": 1}"#,
        r#"{"discard": "a", "ms": 5, "odd": 1}"#,
        r#"{"distinct": ["a", "b"], "odd": 1}"#,
        r#"{"odd": "a"}"#,
    ] {
        read(step).unwrap_err();
        read(&step.replace(r#", "odd": 1"#, "").replace("odd", "nothing")).unwrap();
    }
}
