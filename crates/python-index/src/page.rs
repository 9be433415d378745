//! What an index lists of one project (simple repository API: PEP 503 HTML, PEP 691 JSON).

mod html;

use std::collections::BTreeMap;

use model::{Budget, Diagnostic, Digest, normalized_python_name};
use reqwest::Url;
use serde::Deserialize;

use crate::codes;

/// Bytes of one page: the longest on the public index are about 30 MB.
pub(crate) const MAX_PAGE_BYTES: u64 = 64 << 20;

/// Files of one page.
pub(crate) const MAX_FILES: usize = 500_000;

/// A file that an index lists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Listed {
    pub(crate) name: String,
    pub(crate) url: Url,
    /// Its digest, where the index gives one of the kind that we compare.
    pub(crate) sha256: Option<Digest>,
    /// When it was uploaded (PEP 700), as the index spells it.
    pub(crate) uploaded: Option<String>,
    /// Where its provenance is served (PEP 740), where the index has any.
    pub(crate) provenance: Option<Url>,
}

/// A project's page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Page {
    pub(crate) files: Vec<Listed>,
}

#[derive(Deserialize)]
struct Json {
    meta: Meta,
    name: String,
    files: Vec<JsonFile>,
}

#[derive(Deserialize)]
struct Meta {
    #[serde(rename = "api-version")]
    version: String,
}

#[derive(Deserialize)]
struct JsonFile {
    filename: String,
    url: String,
    hashes: BTreeMap<String, String>,
    #[serde(rename = "upload-time")]
    uploaded: Option<String>,
    provenance: Option<String>,
}

/// Reads the page of `project` that `url` served as `content_type`.
///
/// # Errors
/// `index-page` when it is not a project's page, of another project, or of another major version.
pub(crate) fn read(
    url: &Url,
    project: &str,
    content_type: &str,
    body: &[u8],
) -> Result<Page, Diagnostic> {
    let media = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let read = match media.as_str() {
        "application/vnd.pypi.simple.v1+json" | "application/json" => json(url, project, body),
        "application/vnd.pypi.simple.v1+html" | "text/html" | "application/xhtml+xml" | "" => {
            html::read(url, body)
        }
        _ => Err(format!("it is `{}`", media.escape_debug())),
    };
    read.map_err(|why| {
        let shown = http::shown(url);
        Diagnostic::new(
            &codes::INDEX_PAGE,
            format!("`{shown}` is not a page of a package index: {why}"),
        )
        .help("the index's address ends where the projects begin, often in `/simple`")
    })
}

/// How many files the page of `project` lists that `url` served as `content_type`: the reading
/// alone, for those who have a page and no index.
///
/// # Errors
/// `index-page` when it is not a project's page, or lists more than its size allows.
pub fn files_listed(
    url: &str,
    project: &str,
    content_type: &str,
    body: &[u8],
) -> Result<usize, Diagnostic> {
    let parsed = Url::parse(url).map_err(|error| {
        Diagnostic::new(&codes::INDEX_PAGE, format!("`{}`: {error}", url.escape_debug()))
    })?;
    read(&parsed, project, content_type, body).map(|page| page.files.len())
}

impl Page {
    /// The file of a name; several entries must agree.
    ///
    /// # Errors
    /// `index-page` when the index lists one name with two digests.
    pub(crate) fn file(&self, name: &str) -> Result<Option<&Listed>, Diagnostic> {
        let mut all = self.files.iter().filter(|file| file.name == name);
        let Some(first) = all.next() else { return Ok(None) };
        if all.any(|other| other.sha256 != first.sha256) {
            let message = format!("the index lists `{name}` twice, with different digests");
            return Err(Diagnostic::new(&codes::INDEX_PAGE, message));
        }
        Ok(Some(first))
    }
}

fn json(base: &Url, project: &str, body: &[u8]) -> Result<Page, String> {
    if let Some(why) = model::json::ambiguity(body, &Budget::of(body.len() as u64)) {
        return Err(why.to_string());
    }
    let page: Json = serde_json::from_slice(body).map_err(|error| error.to_string())?;
    major_is_one(&page.meta.version)?;
    if normalized_python_name(&page.name) != project {
        return Err(format!("it is about `{}`", page.name.escape_debug()));
    }
    if page.files.len() > MAX_FILES {
        return Err(format!("it lists more than {MAX_FILES} files"));
    }
    let budget = Budget::of(body.len() as u64);
    let files = page.files.into_iter().map(|file| {
        charge(&budget, base, file.url.len() + file.provenance.as_ref().map_or(0, String::len))?;
        let url = base.join(&file.url).map_err(|_| "it holds an address that is not valid")?;
        let sha256 = match file.hashes.get("sha256") {
            Some(hex) => Some(digest(hex)?),
            None => None,
        };
        let provenance = file.provenance.map(|text| base.join(&text)).transpose();
        let provenance = provenance.map_err(|_| "it holds an address that is not valid")?;
        Ok(Listed { name: file.filename, url, sha256, uploaded: file.uploaded, provenance })
    });
    Ok(Page { files: files.collect::<Result<_, String>>()? })
}

/// Takes a file from the budget of its page: the entry, and two addresses that each repeat `base`
/// before `own` bytes of their own.
fn charge(budget: &Budget, base: &Url, own: usize) -> Result<(), String> {
    let bytes = size_of::<Listed>() + 2 * (base.as_str().len() + own);
    let limit = |exhausted: model::Exhausted| exhausted.limit;
    budget.spend_len(bytes).map_err(limit).map_err(|limit| {
        format!("its addresses take more than {limit} bytes (48 MiB and 4 times the page)")
    })
}

/// A page of a later major version may mean something else (PEP 629).
pub(crate) fn major_is_one(version: &str) -> Result<(), String> {
    if version.split('.').next() == Some("1") {
        return Ok(());
    }
    let shown: String = version.escape_debug().take(20).collect();
    Err(format!("its version is `{shown}`, not `1.x`"))
}

/// A digest as indexes spell it; upper-case digits are the same ones.
pub(crate) fn digest(hex: &str) -> Result<Digest, String> {
    Digest::from_hex(&hex.to_ascii_lowercase()).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    const JSON: &str = "application/vnd.pypi.simple.v1+json";

    fn url() -> Url {
        Url::parse("https://index.example/simple/a-b/").unwrap()
    }

    fn page(files: &str) -> String {
        format!(r#"{{"meta": {{"api-version": "1.1"}}, "name": "A.b", "files": [{files}]}}"#)
    }

    #[test]
    fn a_json_page_gives_names_addresses_digests_and_times() {
        let hex = "E3".to_owned() + &"0".repeat(62);
        let text = page(&format!(
            r#"{{"filename": "a_b-1.tar.gz", "url": "../../f/a_b-1.tar.gz", "yanked": true,
                 "hashes": {{"sha256": "{hex}"}}, "upload-time": "2026-01-01T00:00:00Z"}},
               {{"filename": "a_b-2.tar.gz", "url": "https://o.example/x",
                 "hashes": {{"md5": "0"}}}}"#
        ));
        let page = read(&url(), "a-b", JSON, text.as_bytes()).unwrap();
        let first = page.file("a_b-1.tar.gz").unwrap().unwrap();
        assert_eq!(first.url.as_str(), "https://index.example/f/a_b-1.tar.gz");
        assert_eq!(first.sha256.unwrap().hex(), hex.to_lowercase());
        assert_eq!(first.uploaded.as_deref(), Some("2026-01-01T00:00:00Z"));
        assert_eq!(page.file("a_b-2.tar.gz").unwrap().unwrap().sha256, None);
        assert_eq!(page.file("a_b-3.tar.gz").unwrap(), None);
    }

    #[test]
    fn what_is_not_a_page_of_the_project_is_refused() {
        let check = |media: &str, body: &str, words: &str| {
            let problem = read(&url(), "a-b", media, body.as_bytes()).unwrap_err();
            assert_eq!(problem.code.to_string(), "index-page");
            assert!(problem.message.contains(words), "{problem}");
        };
        check(JSON, "", "EOF");
        check(JSON, "7", "invalid type");
        check(JSON, &page("").replace("A.b\"", "A.b\", \"x\": 1, \"x\": 2"), "`x` appears twice");
        let twice = r#"{"filename": "x", "url": "x", "hashes": {"sha256": "1", "sha256": "2"}}"#;
        check(JSON, &page(twice), "`sha256` appears twice");
        check(JSON, &page("").replace("A.b", "other"), "about `other`");
        check(JSON, &page("").replace("1.1", "2.0"), "version is `2.0`");
        check(JSON, &page(r#"{"filename": "x"}"#), "missing field");
        check(JSON, &page(r#"{"filename": "x", "url": "x", "hashes": {"sha256": "1"}}"#), "digest");
        check(JSON, &page(r#"{"filename": "x", "url": "//[", "hashes": {}}"#), "address");
        check("image/png", "", "`image/png`");
        check("application/vnd.pypi.simple.v2+json", "{}", "v2");
    }

    #[test]
    fn one_name_with_two_digests_is_not_an_answer() {
        let entry = |digit: char| {
            let hex = digit.to_string().repeat(64);
            format!(r#"{{"filename": "f", "url": "f", "hashes": {{"sha256": "{hex}"}}}}"#)
        };
        let check = |files: String, expected: bool| {
            let page = read(&url(), "a-b", JSON, page(&files).as_bytes()).unwrap();
            assert_eq!(page.file("f").is_ok(), expected);
        };
        check(format!("{},{}", entry('1'), entry('1')), true);
        check(format!("{},{}", entry('1'), entry('2')), false);
    }
}
