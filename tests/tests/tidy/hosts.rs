//! No host of a package registry and no path of somebody's machine stands in any file.
//!
//! Registries are reached through their ordinary clients, which know the address and honour the
//! user's mirror.

use super::tree::{Finding, Tree, at, root};

/// Domains whose every host is a registry's, in parts so that this list does not find itself.
const DOMAINS: &[&str] = &[
    concat!("py", "pi.org"),
    concat!("pythonhosted", ".org"),
    concat!("npm", "js.org"),
    concat!("npm", "js.com"),
    concat!("crates", ".io"),
    concat!("proxy.golang", ".org"),
    concat!("sum.golang", ".org"),
    concat!("static.rust-lang", ".org"),
    concat!("deb", "ian.org"),
];

/// The registry whose name is its host: cargo's own formats hold the bare word, which is no
/// address.
const NAME: &str = concat!("crates", ".io");

/// Hosts that only serve words to people.
const READING: &[&str] = &["docs", "doc", "www", "wiki", "packaging"];

/// How a path of one machine starts: a home, a work folder. The repository's own place is added.
const PLACES: &[&str] = &[concat!("/ro", "ot/"), concat!("/wo", "rk/"), concat!("/tmp", "/pa")];

pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut found = Vec::new();
    let own = root().display().to_string();
    let places: Vec<&str> = PLACES.iter().copied().chain([own.as_str()]).collect();
    for (path, text) in tree.all_texts().filter(|(path, _)| !is_lock(path)) {
        for (index, line) in text.lines().enumerate() {
            let named = |host: &&str| *host == NAME && !line.contains(&format!("//{NAME}"));
            for host in hosts(line).filter(|host| is_registry(host) && !named(host)) {
                found.push(at(
                    path,
                    index + 1,
                    format!("`{host}` is a registry's host: use its client"),
                ));
            }
            for place in places.iter().filter(|place| holds_path(line, place)) {
                found.push(at(path, index + 1, format!("`{place}` is a path of one machine")));
            }
        }
    }
    found
}

/// Lock files are written by their tools and name what they must.
fn is_lock(path: &str) -> bool {
    path.ends_with(".lock") || path.ends_with("package-lock.json") || path.ends_with("go.sum")
}

fn hosts(line: &str) -> impl Iterator<Item = &str> {
    let words =
        line.split(|c: char| !(c.is_ascii_alphanumeric() || c == '.' || c == '-' || c == '@'));
    words
        .map(|word| word.trim_matches(['.', '-']))
        .filter(|word| word.contains('.') && !word.contains('@'))
}

fn is_registry(host: &str) -> bool {
    let host = host.to_ascii_lowercase();
    let of = |domain: &&&str| host == **domain || host.ends_with(&format!(".{domain}"));
    let first = host.split('.').next().unwrap_or_default();
    DOMAINS.iter().any(|domain| of(&domain)) && !READING.contains(&first)
}

/// Whether the path stands in the line by itself, not within a longer one.
fn holds_path(line: &str, place: &str) -> bool {
    let inside = |c: char| c.is_ascii_alphanumeric() || "._-~*}$/".contains(c);
    line.match_indices(place).any(|(start, _)| {
        !line.get(..start).and_then(|text| text.chars().next_back()).is_some_and(inside)
    })
}

#[cfg(test)]
mod tests {
    use super::super::tree::expect;
    use super::*;

    #[test]
    fn hosts_of_registries_are_found() {
        for domain in DOMAINS {
            expect(check, "a.md", &format!("\nsee https://files.{domain}/x.\n"), &[2]);
            expect(check, "a.rs", &format!("const HOST: &str = \"https://{domain}\";"), &[1]);
            let bare: &[usize] = if *domain == NAME { &[] } else { &[1] };
            expect(check, "a.rs", &format!("const HOST: &str = \"{domain}\";"), bare);
            expect(check, "Cargo.lock", domain, &[]);
            expect(check, "a.md", &format!("https://docs.{domain}/x"), &[]);
        }
        expect(check, "a.md", "golang.org/x/sys, index.html, crates.io-index", &[]);
    }

    #[test]
    fn paths_of_one_machine_are_found() {
        for place in PLACES {
            expect(check, "a.rs", &format!("let x = \"{place}x\";"), &[1]);
            expect(check, "a.rs", &format!("let x = \"a{place}x\";"), &[]);
        }
        let own = format!("cd {}\n", root().display());
        assert!(!check(&Tree::of(&[("a.md", &own)])).is_empty());
    }
}
