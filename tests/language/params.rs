//! Connect parameters as types: all of them come as text.

use futures_lite::future::block_on;
use phx_channels::{ChannelConn, Params, channel, testing::TestApp};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::{collections::BTreeMap, fmt::Debug, marker::PhantomData};

/// Takes its connect parameters as a `T`, and tells what it got.
struct Door<T>(PhantomData<fn() -> T>);

#[channel]
impl<T: for<'de> Deserialize<'de> + Serialize + Debug + Send + Sync + 'static> Door<T> {
    #[connect]
    async fn connect(&self, conn: ChannelConn<'_>, params: T) {
        conn.insert_state(serde_json::to_value(params).unwrap());
    }

    #[join("taken")]
    async fn taken(&self, conn: ChannelConn<'_>) -> Result<Value, ()> {
        conn.state::<Value>().cloned().ok_or(())
    }

    #[join("again")]
    async fn again(&self, Params(params): Params<T>) -> Result<T, ()> {
        Ok(params)
    }
}

/// What a client that connects with these parameters is taken for; `None` if it is refused.
async fn taken<T>(params: &[(&str, &str)]) -> Option<Value>
where
    T: for<'de> Deserialize<'de> + Serialize + Debug + Send + Sync + 'static,
{
    let app = TestApp::new(&channel(Door::<T>(PhantomData)));
    let mut connect = app.connect();
    for (name, value) in params {
        connect = connect.param(name, value);
    }
    let mut client = connect.await.ok()?;
    let taken = client.join("taken", json!({})).await.unwrap_ok();
    let again = client.join("again", json!({})).await.unwrap_ok();
    assert_eq!(taken, again);
    Some(taken)
}

#[derive(Debug, Serialize, Deserialize)]
struct One<T> {
    #[serde(rename = "v")]
    value: T,
}

/// The same for one parameter of this type.
async fn one<T>(text: &str) -> Option<Value>
where
    T: for<'de> Deserialize<'de> + Serialize + Debug + Send + Sync + 'static,
{
    let taken = taken::<One<T>>(&[("v", text)]).await?;
    Some(taken["v"].clone())
}

#[test]
fn numbers_are_read_from_text() {
    block_on(async {
        assert_eq!(one::<u64>("5").await, Some(json!(5)));
        assert_eq!(one::<u64>("007").await, Some(json!(7)));
        assert_eq!(
            one::<u64>(&u64::MAX.to_string()).await,
            Some(json!(u64::MAX))
        );
        assert_eq!(one::<i8>("-128").await, Some(json!(-128)));
        assert_eq!(
            one::<i64>(&i64::MIN.to_string()).await,
            Some(json!(i64::MIN))
        );
        assert_eq!(one::<Option<u16>>("80").await, Some(json!(80)));
        assert_eq!(one::<f64>("-1.5e3").await, Some(json!(-1500.0)));
        assert_eq!(one::<f64>("3").await, Some(json!(3.0)));
        assert_eq!(one::<f32>("0.5").await, Some(json!(0.5)));
    });
}

#[test]
fn the_longest_integers_are_read_too() {
    #[derive(Debug, Deserialize)]
    struct Long {
        signed: i128,
        unsigned: u128,
    }

    impl Serialize for Long {
        fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            serializer.collect_str(&format_args!("{} {}", self.signed, self.unsigned))
        }
    }

    block_on(async {
        let (signed, unsigned) = (i128::MIN.to_string(), u128::MAX.to_string());
        let taken = taken::<Long>(&[("signed", &signed), ("unsigned", &unsigned)]).await;
        assert_eq!(taken, Some(json!(format!("{signed} {unsigned}"))));
        let small = [("signed", "-1"), ("unsigned", "1")];
        assert_eq!(
            super::params::taken::<Long>(&small).await,
            Some(json!("-1 1"))
        );
    });
}

#[test]
fn what_is_no_such_number_is_refused() {
    block_on(async {
        for text in [
            "",
            "x",
            "-1",
            "+1",
            " 1",
            "1 ",
            "1.0",
            "0x1",
            "1e3",
            "18446744073709551616",
        ] {
            assert_eq!(one::<u64>(text).await, None, "{text}");
        }
        for text in ["128", "-129", "1e1"] {
            assert_eq!(one::<i8>(text).await, None, "{text}");
        }
        for text in [
            "", "NaN", "nan", "inf", "-inf", "infinity", "1e999", "+1", "1_0", "0x1", ".",
        ] {
            assert_eq!(one::<f64>(text).await, None, "{text}");
            assert_eq!(one::<f32>(text).await, None, "{text}");
        }
        assert_eq!(one::<f32>("1e39").await, None);
    });
}

#[test]
fn booleans_are_read_from_text() {
    block_on(async {
        for (text, value) in [("true", true), ("1", true), ("false", false), ("0", false)] {
            assert_eq!(one::<bool>(text).await, Some(json!(value)), "{text}");
            assert_eq!(
                one::<Option<bool>>(text).await,
                Some(json!(value)),
                "{text}"
            );
        }
        for text in ["", "yes", "TRUE", "2", "True"] {
            assert_eq!(one::<bool>(text).await, None, "{text}");
        }
        assert_eq!(
            taken::<BTreeMap<String, bool>>(&[]).await,
            None,
            "`vsn` is none"
        );
    });
}

#[test]
fn text_stays_text() {
    block_on(async {
        for text in ["", "5", "true", "null", "NaN", "ü"] {
            assert_eq!(one::<String>(text).await, Some(json!(text)));
            assert_eq!(one::<Option<String>>(text).await, Some(json!(text)));
            assert_eq!(one::<Value>(text).await, Some(json!(text)));
        }
        assert_eq!(one::<char>("5").await, Some(json!("5")));
    });
}

#[derive(Debug, Serialize, Deserialize)]
enum Kind {
    Human,
    Robot { version: u32 },
    Pair(u8, bool),
    Level(i32),
}

#[test]
fn enums_lists_and_nested_parameters() {
    #[derive(Debug, Serialize, Deserialize)]
    struct Client {
        kind: Kind,
        level: Kind,
        position: Position,
        seats: Vec<u16>,
        #[serde(default)]
        quiet: bool,
        scores: BTreeMap<u8, f64>,
        missing: Option<u8>,
    }

    #[derive(Debug, Serialize, Deserialize)]
    struct Position {
        x: i32,
        y: Option<f32>,
    }

    block_on(async {
        let params = [
            ("kind[Robot][version]", "3"),
            ("level[Level]", "-4"),
            ("position[x]", "-7"),
            ("position[y]", "0.25"),
            ("seats[]", "1"),
            ("seats[]", "2"),
            ("scores[7]", "1.5"),
        ];
        let client = taken::<Client>(&params).await;
        let expected = json!({
            "kind": {"Robot": {"version": 3}},
            "level": {"Level": -4},
            "position": {"x": -7, "y": 0.25},
            "seats": [1, 2],
            "quiet": false,
            "scores": {"7": 1.5},
            "missing": null,
        });
        assert_eq!(client, Some(expected));
        assert_eq!(one::<Kind>("Human").await, Some(json!("Human")));
        assert_eq!(one::<Kind>("Robot").await, None);
        let pair = taken::<One<Kind>>(&[("v[Pair][]", "1"), ("v[Pair][]", "true")]).await;
        assert_eq!(pair, Some(json!({"v": {"Pair": [1, true]}})));
    });
}

#[test]
fn where_serde_asks_for_anything() {
    #[derive(Debug, Serialize, Deserialize)]
    struct Flat {
        name: String,
        #[serde(flatten)]
        rest: Rest,
    }

    #[derive(Debug, Serialize, Deserialize)]
    struct Rest {
        age: u8,
        tall: bool,
    }

    #[derive(Debug, Serialize, Deserialize)]
    #[serde(tag = "kind")]
    enum Tagged {
        Robot { version: u32 },
    }

    #[derive(Debug, Serialize, Deserialize)]
    #[serde(untagged)]
    enum Either {
        Number(u64),
        Name(String),
    }

    block_on(async {
        let flat = [("name", "7"), ("age", "5"), ("tall", "true")];
        let expected = json!({"name": "7", "age": 5, "tall": true});
        assert_eq!(taken::<Flat>(&flat).await, Some(expected));
        let tagged = [("kind", "Robot"), ("version", "3")];
        let expected = json!({"kind": "Robot", "version": 3});
        assert_eq!(taken::<Tagged>(&tagged).await, Some(expected));
        assert_eq!(one::<Either>("7").await, Some(json!("7")));
    });
}

#[derive(Debug, Serialize, Deserialize)]
struct Login {
    user: u64,
    token: Token,
    #[serde(default)]
    colour: Option<Kind>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(try_from = "String")]
struct Token(String);

impl TryFrom<String> for Token {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        match text.strip_prefix("token-") {
            Some(token) => Ok(Self(token.to_owned())),
            None => Err(format!("`{text}` is no token")),
        }
    }
}

#[test]
fn a_refusal_names_the_parameter_and_not_its_value() {
    let refused = |params: &'static [(&'static str, &'static str)]| {
        crate::log::listen();
        assert_eq!(block_on(taken::<Login>(params)), None);
        assert!(crate::log::errors().is_empty());
        let [warning] = &crate::log::warnings()[..] else {
            panic!("one warning for a refusal");
        };
        assert!(!warning.contains("secret"), "{warning}");
        let (_, why) = warning.split_once("do not fit: ").unwrap();
        why.to_owned()
    };
    for (params, why) in [
        (&[("user", "5")][..], "missing field `token`"),
        (
            &[("user", "secret"), ("token", "token-secret")],
            "`user`: expected u64",
        ),
        (
            &[("user", "-5"), ("token", "token-secret")],
            "`user`: expected u64",
        ),
        (
            &[("user", "5"), ("token", "secret")],
            "`token`: not what its type takes",
        ),
        (
            &[("user[secret]", "5"), ("token", "token-secret")],
            "`user`: expected u64",
        ),
        (
            &[
                ("user", "5"),
                ("token", "token-secret"),
                ("colour", "secret"),
            ],
            "`colour`: expected one of `Human`, `Robot`, `Pair`, `Level`",
        ),
    ] {
        assert_eq!(refused(params), why);
    }
    crate::log::listen();
    let right = [("user", "5"), ("token", "token-secret")];
    assert!(block_on(taken::<Login>(&right)).is_some());
    assert!(crate::log::warnings().is_empty());
}

/// Names may come from the client, and a log has lines.
#[test]
fn a_name_of_the_client_cannot_break_a_line_of_the_log() {
    crate::log::listen();
    let params = [("a\nERROR all is lost", "x")];
    assert_eq!(block_on(taken::<BTreeMap<String, u8>>(&params)), None);
    let warnings = crate::log::warnings();
    assert_eq!(warnings.len(), 1);
    assert!(!warnings[0].contains('\n'), "{warnings:?}");

    let long = "x".repeat(10_000);
    assert_eq!(
        block_on(taken::<BTreeMap<String, u8>>(&[(&long, "x")])),
        None
    );
    assert!(crate::log::warnings()[0].len() < 500);
}
