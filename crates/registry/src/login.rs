//! Whose credentials go to which registry: those that were given, else what `docker login` left.

mod credential_helper;

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::Secret;
use model::Diagnostic;
use serde::Deserialize;

use crate::codes;
use crate::reference::DOCKER_HUB;

/// Credentials of one registry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Login {
    /// None: what everybody may do.
    Anonymous,
    /// A user and a password or token.
    Password {
        /// The user.
        user: String,
        /// The password or token.
        password: Secret,
    },
    /// A refresh token for the registry's token server.
    Identity(Secret),
}

/// Where credentials are looked for.
#[derive(Debug, Clone, Default)]
pub struct Keychain {
    /// Given ones, by registry; they win.
    pub given: BTreeMap<String, Login>,
    /// The text of a Docker configuration that is not in a file (`DOCKER_AUTH_CONFIG`).
    pub inline: Option<Secret>,
    /// Docker's configuration file; without one, no file and no helper is asked.
    pub docker: Option<PathBuf>,
}

impl Keychain {
    /// Docker's own places: what `$DOCKER_AUTH_CONFIG` holds goes before the file, which is
    /// `$DOCKER_CONFIG/config.json`, else `~/.docker/config.json`.
    #[must_use]
    pub fn of_docker() -> Self {
        let folder = env::var_os("DOCKER_CONFIG")
            .filter(|folder| !folder.is_empty())
            .map(PathBuf::from)
            .or_else(|| env::home_dir().map(|home| home.join(".docker")));
        let docker = folder.map(|folder| folder.join("config.json"));
        let inline = env::var("DOCKER_AUTH_CONFIG").ok().filter(|text| !text.trim().is_empty());
        Self { given: BTreeMap::new(), inline: inline.map(Secret::new), docker }
    }

    /// The credentials of `registry`.
    ///
    /// # Errors
    /// `credentials-config` when Docker's file does not read, `credentials-helper` when a helper
    /// that it names fails.
    pub fn find(&self, registry: &str) -> Result<Login, Diagnostic> {
        if let Some(login) = self.given.get(registry) {
            return Ok(login.clone());
        }
        if let Some(inline) = &self.inline {
            let parsed: Result<Config, _> = serde_json::from_str(inline.expose());
            let config = parsed.map_err(|_| no_config())?;
            match config.stored(registry)? {
                Login::Anonymous => {}
                login => return Ok(login),
            }
        }
        let Some(path) = &self.docker else { return Ok(Login::Anonymous) };
        let Some(config) = load(path)? else { return Ok(Login::Anonymous) };
        if let Some(helper) = config.helper(registry) {
            return credential_helper::ask(helper, server(registry));
        }
        config.stored(registry)
    }
}

/// Bytes of Docker's file: a few kilobytes in the field.
const MAX_CONFIG: u64 = 1 << 20;

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Config {
    auths: BTreeMap<String, Entry>,
    cred_helpers: BTreeMap<String, String>,
    creds_store: String,
}

#[derive(Clone, Default, Deserialize)]
#[serde(default)]
struct Entry {
    auth: String,
    username: String,
    password: String,
    identitytoken: String,
}

/// The parser's message may quote the text, so it is not shown.
fn no_config() -> Diagnostic {
    Diagnostic::new(&codes::CREDENTIALS_CONFIG, "`DOCKER_AUTH_CONFIG` is not the JSON of Docker's")
        .help("set it to `{\"auths\": {\"registry\": {\"auth\": \"…\"}}}`, from a secret")
}

fn load(path: &Path) -> Result<Option<Config>, Diagnostic> {
    let wrong = |why: &str| {
        let message = format!("Docker's configuration `{}` {why}", path.display());
        Diagnostic::new(&codes::CREDENTIALS_CONFIG, message)
            .help("repair it, or point `DOCKER_CONFIG` at a folder with another `config.json`")
    };
    match fs::metadata(path) {
        Ok(found) if found.len() > MAX_CONFIG => return Err(wrong("is above 1 MiB")),
        Ok(_) => {}
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(wrong(&format!("cannot be read: {error}"))),
    }
    let bytes = fs::read(path).map_err(|error| wrong(&format!("cannot be read: {error}")))?;
    // The parser's message may quote the file, so only the line is shown.
    let parsed = serde_json::from_slice(&bytes);
    parsed.map(Some).map_err(|error| wrong(&format!("does not parse at line {}", error.line())))
}

impl Config {
    /// The helper to ask, if any. One for this registry wins over the store for all.
    fn helper(&self, registry: &str) -> Option<&str> {
        let own = keyed(&self.cred_helpers, registry).map(String::as_str);
        own.or(Some(self.creds_store.as_str())).filter(|name| !name.is_empty())
    }

    fn stored(&self, registry: &str) -> Result<Login, Diagnostic> {
        let Some(entry) = keyed(&self.auths, registry) else { return Ok(Login::Anonymous) };
        if !entry.identitytoken.is_empty() {
            return Ok(Login::Identity(Secret::new(entry.identitytoken.clone())));
        }
        if entry.auth.is_empty() {
            return Ok(if entry.username.is_empty() {
                Login::Anonymous
            } else {
                password(&entry.username, &entry.password)
            });
        }
        let decoded = STANDARD.decode(entry.auth.trim()).ok();
        let text = decoded.and_then(|bytes| String::from_utf8(bytes).ok());
        let pair = text.as_deref().and_then(|text| text.split_once(':'));
        let (user, word) = pair.ok_or_else(|| {
            let message =
                format!("Docker's `auth` for `{registry}` is not base64 of `user:password`");
            Diagnostic::new(&codes::CREDENTIALS_CONFIG, message)
                .help(format!("run `docker login {registry}`"))
        })?;
        Ok(password(user, word.trim_end_matches('\0')))
    }
}

fn password(user: &str, word: &str) -> Login {
    Login::Password { user: user.to_owned(), password: Secret::new(word) }
}

/// The name under which Docker keeps a registry.
fn server(registry: &str) -> &str {
    if registry == DOCKER_HUB { "https://index.docker.io/v1/" } else { registry }
}

/// The value for a registry; keys may be hosts or old addresses such as `https://host/v1/`.
fn keyed<'m, V>(map: &'m BTreeMap<String, V>, registry: &str) -> Option<&'m V> {
    let host = |key: &str| {
        let bare = key.strip_prefix("https://").or_else(|| key.strip_prefix("http://"));
        let host = bare.unwrap_or(key).split('/').next().unwrap_or_default().to_ascii_lowercase();
        let hub = matches!(host.as_str(), "index.docker.io" | "registry-1.docker.io");
        if hub { DOCKER_HUB.to_owned() } else { host }
    };
    map.get(server(registry))
        .or_else(|| map.get(registry))
        .or_else(|| map.iter().find(|(key, _)| host(key) == registry).map(|(_, value)| value))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(config: &str, registry: &str, expected: Result<Login, &str>) {
        let config: Config = serde_json::from_str(config).unwrap();
        let found = config.stored(registry).map_err(|problem| problem.code.to_string());
        assert_eq!(found, expected.map_err(str::to_owned), "{registry}");
    }

    #[test]
    fn docker_login_is_found_however_its_key_is_written() {
        let auth = STANDARD.encode("u:p:q");
        let with = |key: &str| format!(r#"{{"auths":{{"{key}":{{"auth":"{auth}"}}}},"x":1}}"#);
        let login = || Ok(password("u", "p:q"));
        check(&with("ghcr.io"), "ghcr.io", login());
        check(&with("https://ghcr.io"), "ghcr.io", login());
        check(&with("https://GHCR.io/v2/"), "ghcr.io", login());
        check(&with("https://index.docker.io/v1/"), "docker.io", login());
        check(&with("ghcr.io"), "ghcr.io.example.org", Ok(Login::Anonymous));
        check(&with("ghcr.io.example.org"), "ghcr.io", Ok(Login::Anonymous));
        check("{}", "ghcr.io", Ok(Login::Anonymous));
        check(r#"{"auths":{"r.io":{}}}"#, "r.io", Ok(Login::Anonymous));
        check(
            r#"{"auths":{"r.io":{"username":"u","password":"p"}}}"#,
            "r.io",
            Ok(password("u", "p")),
        );
        let identity = Login::Identity(Secret::new("t"));
        check(r#"{"auths":{"r.io":{"auth":"dTo=","identitytoken":"t"}}}"#, "r.io", Ok(identity));
    }

    #[test]
    fn broken_entries_are_named_without_their_content() {
        check(r#"{"auths":{"r.io":{"auth":"canary"}}}"#, "r.io", Err("credentials-config"));
        let config: Config =
            serde_json::from_str(r#"{"auths":{"r.io":{"auth":"canary!"}}}"#).unwrap();
        let problem = config.stored("r.io").unwrap_err();
        assert!(!problem.to_string().contains("canary"), "{problem}");
    }

    #[test]
    fn a_helper_for_one_registry_wins_over_the_store_for_all() {
        let config: Config = serde_json::from_str(
            r#"{"credHelpers":{"ghcr.io":"one"},"credsStore":"all","auths":{"ghcr.io":{}}}"#,
        )
        .unwrap();
        assert_eq!(config.helper("ghcr.io"), Some("one"));
        assert_eq!(config.helper("quay.io"), Some("all"));
        assert_eq!(Config::default().helper("ghcr.io"), None);
    }
}
