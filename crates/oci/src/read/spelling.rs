//! Fields that Go would take for others: it reads names of fields without regard to case, and
//! engines and registries are written in it.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// Refuses a document in which a field of the specification is spelled in another case.
///
/// # Errors
/// What is spelled how, or why the document cannot be read.
pub(super) fn check(json: &[u8]) -> Result<(), serde_json::Error> {
    let mut reader = serde_json::Deserializer::from_slice(json);
    Names.deserialize(&mut reader)
}

/// The fields of the image-spec, and those of Docker that engines read.
const FIELDS: [&str; 53] = [
    "ArgsEscaped",
    "Cmd",
    "Entrypoint",
    "Env",
    "ExposedPorts",
    "Healthcheck",
    "Interval",
    "Labels",
    "OnBuild",
    "Retries",
    "Shell",
    "StartInterval",
    "StartPeriod",
    "StopSignal",
    "Test",
    "Timeout",
    "User",
    "Volumes",
    "WorkingDir",
    "annotations",
    "architecture",
    "artifactType",
    "author",
    "blobSum",
    "comment",
    "config",
    "created",
    "created_by",
    "data",
    "diff_ids",
    "digest",
    "empty_layer",
    "features",
    "fsLayers",
    "history",
    "imageLayoutVersion",
    "layers",
    "manifests",
    "mediaType",
    "name",
    "os",
    "os.features",
    "os.version",
    "platform",
    "rootfs",
    "schemaVersion",
    "signatures",
    "size",
    "subject",
    "tag",
    "type",
    "urls",
    "variant",
];

/// Fields whose keys are anybody's.
const MAPS: [&str; 4] = ["ExposedPorts", "Labels", "Volumes", "annotations"];

#[derive(Clone, Copy)]
struct Names;

impl<'de> DeserializeSeed<'de> for Names {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<(), D::Error> {
        reader.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Names {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut values: A) -> Result<(), A::Error> {
        while values.next_element_seed(self)?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<(), A::Error> {
        while let Some(key) = fields.next_key::<String>()? {
            let meant = FIELDS.into_iter().find(|field| is_folded(&key, field));
            if let Some(meant) = meant.filter(|meant| *meant != key) {
                return Err(Error::custom(format_args!(
                    "some readers take the field `{key}` for `{meant}`"
                )));
            }
            if MAPS.contains(&key.as_str()) {
                fields.next_value::<IgnoredAny>()?;
            } else {
                fields.next_value_seed(self)?;
            }
        }
        Ok(())
    }
}

/// Whether both are the same but for case, as Go folds it: with the long s and the Kelvin sign.
fn is_folded(key: &str, field: &str) -> bool {
    let fold = |c: char| match c {
        '\u{17f}' => 's',
        '\u{212a}' => 'k',
        _ => c.to_ascii_lowercase(),
    };
    key.chars().map(fold).eq(field.chars().map(fold))
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_field_in_another_case_is_refused() {
        let check = |json: &str, fits: bool| {
            assert_eq!(super::check(json.as_bytes()).is_ok(), fits, "{json}");
        };
        check(r#"{"config": {"User": "a", "Labels": {"a": "1", "A": "2", "USER": "3"}}}"#, true);
        check(r#"{"annotations": {"Size": "1"}, "x": {"y": [1, -1, 1.5, null, true]}}"#, true);
        check(r#"{"layers": [], "Layers": []}"#, false);
        check(r#"{"Layers": []}"#, false);
        check(r#"{"layers": [{"digest": "a", "DIGEST": "b"}]}"#, false);
        check(r#"{"config": {"user": "root"}}"#, false);
        check("{\"layer\u{17f}\": []}", false);
        check("{\"platform\": {\"o\u{17f}\": \"x\"}}", false);
        check(r#"{"Annotations": {}}"#, false);
    }
}
