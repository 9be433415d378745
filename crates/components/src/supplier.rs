//! Who a component comes from: "the actual distribution source" (SPDX 2.3, 7.5), which is the
//! index that serves it, or the account whose repository does. Never its authors: they are its
//! originators, and may know nothing of this copy.

/// Who a component comes from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Supplier {
    /// Nobody knows: written as `NOASSERTION`.
    #[default]
    Unknown,
    /// Whoever publishes the artifact that it is inside of.
    Publisher,
    /// An organization, by its name.
    Organization(String),
}

/// Name of the index of Rust crates.
pub(crate) const CRATES: &str = "Rust crate registry";
/// Name of the index of Python packages.
pub(crate) const PYTHON: &str = "Python Package Index";

impl Supplier {
    /// An organization by its name; unknown when the name is empty.
    pub(crate) fn named(name: &str) -> Self {
        let name = name.trim();
        if name.is_empty() { Self::Unknown } else { Self::Organization(name.to_owned()) }
    }

    /// Whoever owns a place such as `github.com/owner/name`, `golang.org/x/sys`,
    /// `ghcr.io/owner/name` or `redis`: host and account where the host serves many, else the host.
    pub(crate) fn of_place(place: &str) -> Self {
        let mut parts = place.split('/').filter(|part| !part.is_empty());
        let Some(host) = parts.next() else { return Self::Unknown };
        let serves_many = SHARED_HOSTS.contains(&host);
        match (parts.next(), parts.next()) {
            (Some(account), Some(_)) if serves_many => Self::named(&format!("{host}/{account}")),
            _ => Self::named(host),
        }
    }

    /// Whoever owns a web address, such as that of a git repository or a chart repository.
    pub(crate) fn of_address(address: &str) -> Self {
        let place = address.split_once("://").map_or(address, |(_, rest)| rest);
        let place = place.split(['?', '#']).next().unwrap_or_default();
        // Neither a user's name nor a port belongs to the host.
        let host_end = place.find('/').unwrap_or(place.len());
        let (host, path) = place.split_at_checked(host_end).unwrap_or((place, ""));
        let host = host.rsplit('@').next().unwrap_or_default();
        let host = host.split(':').next().unwrap_or_default();
        Self::of_place(&format!("{host}{path}"))
    }
}

/// Hosts where an account, not the host, answers for what lies there.
const SHARED_HOSTS: [&str; 9] = [
    "bitbucket.org",
    "codeberg.org",
    "docker.io",
    "gcr.io",
    "ghcr.io",
    "github.com",
    "gitlab.com",
    "public.ecr.aws",
    "quay.io",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_account_answers_where_a_host_serves_many() {
        let check = |address: &str, expected: &str| {
            let expected = Supplier::named(expected);
            assert_eq!(Supplier::of_address(address), expected, "{address}");
        };
        check("github.com/spf13/cobra", "github.com/spf13");
        check("github.com/spf13/cobra/v2", "github.com/spf13");
        check("golang.org/x/sys", "golang.org");
        check("gopkg.in/yaml.v3", "gopkg.in");
        check("https://user:pass@example.com:8443/a/b?c#d", "example.com");
        check("git+https://gitlab.com/o/r#rev", "gitlab.com/o");
        check("ghcr.io/owner/name", "ghcr.io/owner");
        check("github.com/owner", "github.com");
        check("redis", "redis");
        check("", "");
        check("https://", "");
    }
}
