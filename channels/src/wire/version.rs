use super::Serializer;
use semver::Version;

/// Which serializer a `vsn` parameter asks for, `None` where the server has none (HS-1).
///
/// `vsn` is a strict semantic version. Without one the client speaks version 1; otherwise the
/// version must be `1.0.x` or `2.0.x`, and a pre-release of `2.0.0` itself is older than `2.0.0`.
pub(crate) fn negotiate(vsn: Option<&str>) -> Option<Serializer> {
    let Some(vsn) = vsn else {
        return Some(Serializer::V1);
    };
    let version = Version::parse(vsn).ok()?;
    let serializer = match (version.major, version.minor) {
        (1, 0) => Serializer::V1,
        (2, 0) => Serializer::V2,
        _ => return None,
    };
    let too_old = version.patch == 0 && !version.pre.is_empty();
    (!too_old).then_some(serializer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hs_1_the_vsn_table() {
        for vsn in ["1.0.0", "1.0.9"] {
            assert_eq!(negotiate(Some(vsn)), Some(Serializer::V1), "{vsn}");
        }
        for vsn in ["2.0.0", "2.0.1", "2.0.0+abc", "2.0.1-rc.1"] {
            assert_eq!(negotiate(Some(vsn)), Some(Serializer::V2), "{vsn}");
        }
        for vsn in [
            "2.1.0",
            "1.9.9",
            "3.0.0",
            "123.1.1",
            "2",
            "2.0",
            "v2.0.0",
            "02.0.0",
            "",
            "2.0.0 ",
            "2.0.0-rc.1",
            "2.1.0-dev",
        ] {
            assert_eq!(negotiate(Some(vsn)), None, "{vsn}");
        }
        assert_eq!(negotiate(None), Some(Serializer::V1));
    }
}
