//! Which index: what the user configured for uv or pip, read as they read it.

use std::collections::BTreeMap;

use model::Diagnostic;
use toml::Table;

use super::index::without_credentials;
use crate::codes;

/// An index's two addresses.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct IndexAddress {
    /// Where files are uploaded; uv's own default when nothing.
    pub upload: Option<String>,
    /// The simple API, for questions.
    pub check: Option<String>,
}

/// Where an index may be named.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct IndexSources {
    /// `--publish-url`.
    pub publish_url: Option<String>,
    /// `--check-url`.
    pub check_url: Option<String>,
    /// The variables of [`IndexSources::VARIABLES`] that are set.
    pub env: BTreeMap<String, String>,
    /// Texts of uv's configuration, the nearest first: the project's `uv.toml` or the `[tool.uv]`
    /// of its `pyproject.toml`, then the user's, then the system's.
    pub uv: Vec<String>,
    /// Texts of pip's configuration, the one that wins first.
    pub pip: Vec<String>,
}

impl IndexSources {
    /// Variables by which uv and pip name an index.
    pub const VARIABLES: &[&str] = &[
        "UV_PUBLISH_URL",
        "UV_PUBLISH_CHECK_URL",
        "UV_DEFAULT_INDEX",
        "UV_INDEX_URL",
        "PIP_INDEX_URL",
    ];

    fn var(&self, name: &str) -> Option<String> {
        self.env.get(name).filter(|value| !value.trim().is_empty()).cloned()
    }
}

/// Finds the index. Where one is named for uploads, only what is named for questions about *it*
/// counts; where uploads go to uv's own default, the index that uv or pip installs from answers.
///
/// # Errors
/// `index-credentials-in-address` when the upload address holds credentials: it would stand in
/// uv's argument list.
pub fn find_index(sources: &IndexSources) -> Result<IndexAddress, Diagnostic> {
    let tables: Vec<Table> = sources.uv.iter().filter_map(|text| uv_table(text)).collect();
    let setting =
        |key: &str| tables.iter().find_map(|table| Some(table.get(key)?.as_str()?.to_owned()));
    let upload = sources.publish_url.clone();
    let upload =
        upload.or_else(|| sources.var("UV_PUBLISH_URL")).or_else(|| setting("publish-url"));
    let check = sources.check_url.clone();
    let check =
        check.or_else(|| sources.var("UV_PUBLISH_CHECK_URL")).or_else(|| setting("check-url"));
    let check = check.or_else(|| match &upload {
        Some(upload) => tables.iter().find_map(|table| index_of(table, upload)),
        None => installs_from(sources, &tables),
    });
    if upload.as_deref().is_some_and(|upload| without_credentials(upload).1.is_some()) {
        let message = "the upload address of the Python index holds credentials";
        return Err(Diagnostic::new(&codes::INDEX_CREDENTIALS_IN_ADDRESS, message)
            .help("set `UV_PUBLISH_USERNAME` and `UV_PUBLISH_PASSWORD`, or `UV_PUBLISH_TOKEN`"));
    }
    Ok(IndexAddress { upload, check })
}

/// uv's settings: a `uv.toml` whole, of a `pyproject.toml` its `[tool.uv]`.
fn uv_table(text: &str) -> Option<Table> {
    let whole: Table = text.parse().ok()?;
    let own = whole.get("tool").and_then(|tool| tool.get("uv")).and_then(|uv| uv.as_table());
    if own.is_some() || whole.contains_key("project") { own.cloned() } else { Some(whole) }
}

/// The index that a configured upload address belongs to.
fn index_of(table: &Table, upload: &str) -> Option<String> {
    let belongs = |index: &&toml::Value| {
        index.get("publish-url").and_then(|url| url.as_str()) == Some(upload)
    };
    let indexes = table.get("index")?.as_array()?;
    Some(indexes.iter().find(belongs)?.get("url")?.as_str()?.to_owned())
}

/// The index that uv, else pip, installs from.
fn installs_from(sources: &IndexSources, tables: &[Table]) -> Option<String> {
    let default = |table: &Table| {
        let is_default = |index: &&toml::Value| {
            index.get("default").and_then(|value| value.as_bool()) == Some(true)
        };
        let named = table.get("index").and_then(|indexes| {
            Some(indexes.as_array()?.iter().find(is_default)?.get("url")?.as_str()?.to_owned())
        });
        named.or_else(|| Some(table.get("index-url")?.as_str()?.to_owned()))
    };
    sources
        .var("UV_DEFAULT_INDEX")
        .or_else(|| sources.var("UV_INDEX_URL"))
        .map(|named| unnamed(&named))
        .or_else(|| tables.iter().find_map(default))
        .or_else(|| sources.var("PIP_INDEX_URL"))
        .or_else(|| sources.pip.iter().find_map(|text| pip_index(text)))
}

/// An index's address without the name that uv allows in front: `name=https://…`.
fn unnamed(text: &str) -> String {
    match text.split_once('=') {
        Some((name, url)) if !name.contains(['/', ':']) => url.to_owned(),
        _ => text.to_owned(),
    }
}

/// `index-url` of pip's configuration, in the sections that `pip install` reads.
fn pip_index(text: &str) -> Option<String> {
    let mut section = String::new();
    let mut found: BTreeMap<bool, String> = BTreeMap::new();
    for line in text.lines() {
        let line = line.trim();
        if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            section = name.trim().to_ascii_lowercase();
        } else if let Some((key, value)) = line.split_once(['=', ':']) {
            let key = key.trim().to_ascii_lowercase().replace('_', "-");
            if key == "index-url" && matches!(section.as_str(), "global" | "install") {
                found.insert(section == "install", value.trim().to_owned());
            }
        }
    }
    found.into_values().next_back().filter(|value| !value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn env(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    fn check(sources: IndexSources, upload: Option<&str>, check: Option<&str>) {
        let found = find_index(&sources).unwrap();
        assert_eq!(
            (found.upload.as_deref(), found.check.as_deref()),
            (upload, check),
            "{sources:?}"
        );
    }

    const PIP: &str = "[global]\nindex-url = https://pip.example/simple\n";

    #[test]
    fn a_flag_wins_over_a_variable_and_that_over_a_file() {
        let all = IndexSources {
            publish_url: Some("https://flag.example/up".to_owned()),
            check_url: Some("https://flag.example/simple".to_owned()),
            env: env(&[("UV_PUBLISH_URL", "https://env.example/up")]),
            uv: vec!["publish-url = 'https://toml.example/up'".to_owned()],
            pip: vec![PIP.to_owned()],
        };
        let flag = (Some("https://flag.example/up"), Some("https://flag.example/simple"));
        check(all.clone(), flag.0, flag.1);
        let no_flag = IndexSources { publish_url: None, ..all };
        check(no_flag.clone(), Some("https://env.example/up"), flag.1);
        let no_env = IndexSources { env: env(&[("UV_PUBLISH_URL", " ")]), ..no_flag };
        check(no_env, Some("https://toml.example/up"), flag.1);
    }

    #[test]
    fn an_upload_address_of_its_own_is_not_asked_about_elsewhere() {
        let sources = IndexSources {
            publish_url: Some("https://a.example/up".to_owned()),
            pip: vec![PIP.to_owned()],
            ..IndexSources::default()
        };
        check(sources.clone(), Some("https://a.example/up"), None);
        let index = "[[tool.uv.index]]\nname = 'a'\nurl = 'https://a.example/simple'\n\
                     publish-url = 'https://a.example/up'\n[project]\nname = 'x'\n";
        let with_index = IndexSources { uv: vec![index.to_owned()], ..sources };
        check(with_index, Some("https://a.example/up"), Some("https://a.example/simple"));
    }

    #[test]
    fn uvs_own_default_is_asked_about_where_uv_or_pip_installs_from() {
        let of = |pairs, uv: &[&str], pip: &[&str]| IndexSources {
            env: env(pairs),
            uv: uv.iter().map(|text| (*text).to_owned()).collect(),
            pip: pip.iter().map(|text| (*text).to_owned()).collect(),
            ..IndexSources::default()
        };
        check(of(&[], &[], &[]), None, None);
        check(of(&[], &[], &[PIP]), None, Some("https://pip.example/simple"));
        check(of(&[("PIP_INDEX_URL", "https://p")], &[], &[PIP]), None, Some("https://p"));
        check(of(&[("UV_DEFAULT_INDEX", "n=https://u")], &[], &[PIP]), None, Some("https://u"));
        check(of(&[], &["[[index]]\nurl = 'https://i'\ndefault = true"], &[PIP]), None, {
            Some("https://i")
        });
        check(of(&[], &["[project]\nname = 'x'", "index-url = 'https://i'"], &[]), None, {
            Some("https://i")
        });
        let both = "[install]\nindex_url: https://install\n[global]\nindex-url=https://global\n";
        check(of(&[], &["not toml ["], &[both]), None, Some("https://install"));
        check(of(&[], &[], &["[other]\nindex-url = https://x"]), None, None);
    }

    #[test]
    fn credentials_in_the_upload_address_are_refused_and_not_shown() {
        let upload = Some("https://u:canary@a.example/up".to_owned());
        let sources = IndexSources { publish_url: upload, ..IndexSources::default() };
        let problem = find_index(&sources).unwrap_err();
        assert!(!problem.to_string().contains("canary"), "{problem}");
        assert_eq!(problem.code.to_string(), "index-credentials-in-address");
    }
}
