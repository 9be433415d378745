//! Package URLs (ECMA-427): how each ecosystem's packages are spelled in them.

use model::{Digest, normalized_python_name};

/// A crate.
pub(crate) fn cargo(name: &str, version: &str) -> String {
    spell("cargo", &[name], version, &[])
}

/// A Go module: lower-case, as the specification of the type asks.
pub(crate) fn golang(path: &str, version: &str) -> String {
    let lower = path.to_lowercase();
    let parts: Vec<&str> = lower.split('/').filter(|part| !part.is_empty()).collect();
    spell("golang", &parts, version, &[])
}

/// A distribution of the Python index. `file` names one of its files; empty for any.
pub(crate) fn pypi(name: &str, version: &str, file: &str) -> String {
    spell("pypi", &[&normalized_python_name(name)], version, &[("file_name", file)])
}

/// An image at `reference` (registry and name, without a tag).
pub(crate) fn oci(reference: &str, version: &str, arch: &str, tag: &str) -> String {
    let name = reference.rsplit('/').next().unwrap_or_default().to_lowercase();
    let qualifiers = [("arch", arch), ("repository_url", reference), ("tag", tag)];
    spell("oci", &[&name], version, &qualifiers)
}

/// A package of a distribution; of no known one when `vendor` is empty.
pub(crate) fn system(
    kind: &str,
    vendor: &str,
    name: &str,
    version: &str,
    qualifiers: &[(&str, &str)],
) -> String {
    let path: Vec<&str> = [vendor, name].into_iter().filter(|part| !part.is_empty()).collect();
    spell(kind, &path, version, qualifiers)
}

/// A file that no ecosystem names.
pub(crate) fn file(name: &str, version: &str, digest: Option<&Digest>) -> String {
    let checksum = digest.map(ToString::to_string).unwrap_or_default();
    spell("generic", &[name], version, &[("checksum", &checksum)])
}

/// A chart of a chart repository. There is no registered type for charts.
pub(crate) fn chart(name: &str, version: &str, repository: &str) -> String {
    spell("generic", &[name], version, &[("repository_url", repository)])
}

/// A package URL that somebody else wrote, when it can stand in a document: without what only
/// held on the machine that built it.
pub(crate) fn foreign(purl: &str) -> Option<String> {
    let head = purl.split(['?', '#']).next().unwrap_or_default();
    let kept = if purl.contains("download_url=file:") { head } else { purl };
    let sound = kept.len() <= MAX_PURL_BYTES
        && kept.chars().all(|c| c.is_ascii_graphic())
        && kept.strip_prefix("pkg:").is_some_and(|rest| rest.contains('/'));
    sound.then(|| kept.to_owned())
}

fn spell(kind: &str, path: &[&str], version: &str, qualifiers: &[(&str, &str)]) -> String {
    let path: Vec<String> = path.iter().map(|part| encoded(part, false)).collect();
    let mut purl = format!("pkg:{kind}/{}", path.join("/"));
    if !version.is_empty() {
        purl.push('@');
        purl.push_str(&encoded(version, false));
    }
    let mut separator = '?';
    for (key, value) in qualifiers.iter().filter(|(_, value)| !value.is_empty()) {
        purl.push(separator);
        purl.push_str(key);
        purl.push('=');
        purl.push_str(&encoded(value, true));
        separator = '&';
    }
    purl
}

/// A colon is never encoded; a slash is not where it separates nothing.
fn encoded(text: &str, slash: bool) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'.' | b'-' | b'_' | b'~' | b':' => {
                encoded.push(char::from(byte));
            }
            b'/' if slash => encoded.push('/'),
            other => encoded.push_str(&format!("%{other:02X}")),
        }
    }
    encoded
}

const MAX_PURL_BYTES: usize = 2_048;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_ecosystem_spells_its_packages() {
        assert_eq!(cargo("serde", "1.0.0+a"), "pkg:cargo/serde@1.0.0%2Ba");
        assert_eq!(
            golang("github.com/BurntSushi/toml", "v1.2.3+incompatible"),
            "pkg:golang/github.com/burntsushi/toml@v1.2.3%2Bincompatible"
        );
        let file_name = "a_b-1-py3-none-any.whl";
        let expected = format!("pkg:pypi/a-b@1?file_name={file_name}");
        assert_eq!(pypi("A_.b", "1", file_name), expected);
        assert_eq!(
            oci("ghcr.io/Owner/Name", "sha256:00", "amd64", "1.0"),
            "pkg:oci/name@sha256:00?arch=amd64&repository_url=ghcr.io/Owner/Name&tag=1.0"
        );
        assert_eq!(file("a b/c", "", None), "pkg:generic/a%20b%2Fc");
        assert_eq!(
            chart("redis", "1.0.0", "oci://r.example/c?d"),
            "pkg:generic/redis@1.0.0?repository_url=oci://r.example/c%3Fd"
        );
    }

    #[test]
    fn what_held_on_one_machine_only_is_left_out_of_a_foreign_url() {
        let check = |purl: &str, expected: &str| {
            assert_eq!(foreign(purl).unwrap_or("-".to_owned()), expected, "{purl}");
        };
        check("pkg:cargo/a@1", "pkg:cargo/a@1");
        check("pkg:cargo/a@1?download_url=file://.#src/lib.rs", "pkg:cargo/a@1");
        check("pkg:pypi/a@1?x=y", "pkg:pypi/a@1?x=y");
        check("pkg:cargo/a b@1", "-");
        check("https://example.com/a", "-");
        check("pkg:cargo", "-");
        check(&format!("pkg:cargo/{}", "a".repeat(3_000)), "-");
    }
}
