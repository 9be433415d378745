//! The environment of a child process: an allow-list, so that no setting of the user's shell and no
//! secret reaches a build.

use std::collections::BTreeMap;
use std::env;
use std::ffi::OsString;
use std::path::PathBuf;

/// Passed on to every child. The last line is what Windows programs need to start.
const ALWAYS: &[&str] = &[
    "PATH",
    "HOME",
    "TMPDIR", //
    "SYSTEMROOT",
    "SYSTEMDRIVE",
    "WINDIR",
    "COMSPEC",
    "PATHEXT",
    "TEMP",
    "TMP",
    "USERPROFILE",
    "APPDATA",
    "LOCALAPPDATA",
    "PROGRAMFILES",
    "PROGRAMFILES(X86)",
    "PROGRAMDATA",
];

/// The same for every child: English messages, UTF-8, no colour.
const FIXED: &[(&str, &str)] = &[("LC_ALL", "C.UTF-8"), ("NO_COLOR", "1")];

/// Passed on only to a child that downloads: proxies, certificate authorities and the index of each
/// client. No variable that is meant for a token is among them.
const NETWORK: &[&str] = &[
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "NO_PROXY",
    "ALL_PROXY",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "REQUESTS_CA_BUNDLE",
    "CURL_CA_BUNDLE",
    "NODE_EXTRA_CA_CERTS",
    "GIT_SSL_CAINFO",
    "PIP_CERT",
    "PIP_CONFIG_FILE",
    "PIP_DEFAULT_TIMEOUT",
    "PIP_EXTRA_INDEX_URL",
    "PIP_FIND_LINKS",
    "PIP_INDEX_URL",
    "PIP_PROXY",
    "PIP_RETRIES",
    "PIP_TRUSTED_HOST",
    "UV_CONFIG_FILE",
    "UV_DEFAULT_INDEX",
    "UV_EXTRA_INDEX_URL",
    "UV_FIND_LINKS",
    "UV_HTTP_TIMEOUT",
    "UV_INDEX",
    "UV_INDEX_STRATEGY",
    "UV_INDEX_URL",
    "UV_INSECURE_HOST",
    "UV_KEYRING_PROVIDER",
    "UV_NATIVE_TLS",
    "UV_SYSTEM_CERTS",
    "NPM_CONFIG_CAFILE",
    "NPM_CONFIG_HTTPS_PROXY",
    "NPM_CONFIG_NOPROXY",
    "NPM_CONFIG_PROXY",
    "NPM_CONFIG_REGISTRY",
    "NPM_CONFIG_USERCONFIG",
    "CARGO_HTTP_CAINFO",
    "CARGO_HTTP_PROXY",
    "CARGO_HTTP_TIMEOUT",
    "CARGO_NET_GIT_FETCH_WITH_CLI",
    "CARGO_NET_RETRY",
    "CARGO_REGISTRY_DEFAULT",
    "RUSTUP_DIST_SERVER",
    "RUSTUP_UPDATE_ROOT",
    "GOPROXY",
    "GONOPROXY",
    "GOPRIVATE",
    "GOSUMDB",
    "GONOSUMDB",
    "GOINSECURE",
];

/// Passed on only to the client of a container engine: where its daemon, its settings and its
/// builder are. The credentials of registries are in its settings, and only the client reads them.
const ENGINE: &[&str] = &[
    "DOCKER_API_VERSION",
    "DOCKER_CERT_PATH",
    "DOCKER_CONFIG",
    "DOCKER_CONTEXT",
    "DOCKER_HOST",
    "DOCKER_TLS",
    "DOCKER_TLS_VERIFY",
    "BUILDX_BUILDER",
    "BUILDX_CONFIG",
    "SSH_AUTH_SOCK",
    "XDG_RUNTIME_DIR",
];

/// The additional variables for the client of a container engine.
pub(crate) fn engine_env() -> impl Iterator<Item = (&'static str, OsString)> {
    ENGINE.iter().filter_map(|name| Some((*name, env::var_os(name)?)))
}

/// The environment of a child: our allow-listed variables, the fixed ones, then `added`, which
/// takes precedence. With `network` also the variables that a download needs.
#[must_use]
pub fn child_env(network: bool, added: &BTreeMap<String, String>) -> BTreeMap<String, String> {
    let mut child: BTreeMap<String, String> = env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .filter(|(name, _)| is_allowed(name, network))
        .collect();
    child.extend(FIXED.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    child.extend(added.iter().map(|(name, value)| (name.clone(), value.clone())));
    child
}

/// A `PATH` with `folders` in front of our own. A folder that cannot be in a `PATH` is left out.
#[must_use]
pub fn search_path(folders: &[PathBuf]) -> String {
    let own = env::var_os("PATH").unwrap_or_default();
    let speakable = folders.iter().filter(|folder| env::join_paths([folder]).is_ok()).cloned();
    env::join_paths(speakable.chain(env::split_paths(&own)))
        .map_or_else(|_| String::new(), |joined| joined.to_string_lossy().into_owned())
}

/// Proxies and npm's settings are read in upper and lower case, so both pass.
fn is_allowed(name: &str, network: bool) -> bool {
    let upper = name.to_ascii_uppercase();
    let always = if cfg!(windows) { ALWAYS.contains(&&*upper) } else { ALWAYS.contains(&name) };
    let index = upper.starts_with("CARGO_REGISTRIES_") && upper.ends_with("_INDEX");
    always || network && (NETWORK.contains(&&*upper) || index)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_a_child_needs_passes_and_indexes_only_where_something_is_fetched() {
        let check = |name: &str, always: bool, network: bool| {
            assert_eq!(is_allowed(name, false), always, "{name} to a build");
            assert_eq!(is_allowed(name, true), network, "{name} to a fetch");
        };
        check("PATH", true, true);
        check("HOME", true, true);
        check("https_proxy", false, true);
        check("PIP_INDEX_URL", false, true);
        check("npm_config_registry", false, true);
        check("CARGO_REGISTRIES_CORP_INDEX", false, true);
        check("CARGO_REGISTRIES_CORP_TOKEN", false, false);
        check("CARGO_REGISTRY_TOKEN", false, false);
        check("UV_PUBLISH_TOKEN", false, false);
        check("GITHUB_TOKEN", false, false);
        check("ACTIONS_ID_TOKEN_REQUEST_TOKEN", false, false);
        check("RUSTFLAGS", false, false);
        check("GOFLAGS", false, false);
        check("PYTHONPATH", false, false);
        check("LD_PRELOAD", false, false);
        check("LANG", false, false);
    }

    #[test]
    fn what_the_command_itself_sets_wins() {
        let added = BTreeMap::from([("LC_ALL".to_owned(), "de".to_owned())]);
        assert_eq!(child_env(false, &added).get("LC_ALL").map(String::as_str), Some("de"));
        let plain = child_env(false, &BTreeMap::new());
        assert_eq!(plain.get("LC_ALL").map(String::as_str), Some("C.UTF-8"));
    }
}
