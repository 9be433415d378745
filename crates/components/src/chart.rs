//! A chart's dependencies and the images that it refers to.

use model::Digest;

use crate::{Component, Contents, Link, Purpose, Supplier, purl};

/// A dependency of a chart, with the version of `Chart.lock` where there is one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ChartDependency {
    /// Its name.
    pub name: String,
    /// Its version, or a range.
    pub version: String,
    /// The repository it comes from; empty or `file://…` for one of the tree.
    pub repository: String,
    /// Digest of its archive, where that is inside of the chart.
    pub digest: Option<Digest>,
}

/// What a chart needs: subcharts, and images as it names them (`registry/name:tag@digest`).
/// A range of versions and an image without tag and digest are unresolved.
#[must_use]
pub fn chart<T: AsRef<str>>(dependencies: &[ChartDependency], images: &[T]) -> Contents {
    let mut contents = Contents::default();
    for dependency in dependencies {
        add_chart(&mut contents, dependency);
    }
    for image in images {
        add_image(&mut contents, image.as_ref().trim());
    }
    contents
}

fn add_chart(contents: &mut Contents, dependency: &ChartDependency) {
    let ChartDependency { name, version, repository, digest } = dependency;
    if !is_exact(version) {
        contents.unresolved.insert(format!("chart {name} {version}").trim_end().to_owned());
        return;
    }
    let own = repository.is_empty() || repository.starts_with("file:");
    let purl = purl::chart(name, version, if own { "" } else { repository });
    let component = Component {
        name: name.clone(),
        version: version.clone(),
        supplier: if own { Supplier::Publisher } else { Supplier::of_address(repository) },
        digest: *digest,
        purpose: Purpose::Install,
        ..Component::default()
    };
    contents.add(&purl, component);
    let link = if digest.is_some() { Link::Contains } else { Link::DependsOn };
    contents.join(None, link, &purl);
}

fn add_image(contents: &mut Contents, image: &str) {
    let (named, digest) = match image.split_once('@') {
        Some((named, digest)) => (named, digest.parse::<Digest>().ok()),
        None => (image, None),
    };
    // A colon before the last slash belongs to a port.
    let slash = named.rfind('/').map_or(0, |at| at + 1);
    let last = named.get(slash..).unwrap_or_default();
    let (place, tag) = match last.split_once(':') {
        Some((_, tag)) => (named.strip_suffix(&format!(":{tag}")).unwrap_or(named), tag),
        None => (named, ""),
    };
    let readable = !place.is_empty() && place.chars().all(|c| c.is_ascii_graphic() && c != '{');
    let tagged = !tag.is_empty() && !tag.contains('{');
    if !readable || (digest.is_none() && !tagged) {
        contents.unresolved.insert(format!("image {image}"));
        return;
    }
    let pinned = digest.map(|digest| digest.to_string()).unwrap_or_default();
    let purl = purl::oci(place, &pinned, "", tag);
    let component = Component {
        name: place.to_owned(),
        version: if tagged { tag.to_owned() } else { pinned },
        supplier: Supplier::of_place(place),
        digest,
        purpose: Purpose::Container,
        ..Component::default()
    };
    contents.add(&purl, component);
    contents.join(None, Link::DependsOn, &purl);
}

/// Whether it is one version (SemVer), and not a range of them.
fn is_exact(version: &str) -> bool {
    let core = version.strip_prefix('v').unwrap_or(version);
    let end = core.find(['-', '+']).unwrap_or(core.len());
    let (numbers, rest) = core.split_at_checked(end).unwrap_or((core, ""));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    numbers.split('.').count() == 3
        && numbers.split('.').all(digits)
        && !rest.contains("||")
        && rest.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '+'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn only(contents: &Contents) -> String {
        let supplied = |(purl, component): (&String, &Component)| match &component.supplier {
            Supplier::Organization(name) => format!("{purl} by {name}"),
            other => format!("{purl} by {other:?}"),
        };
        let found: Vec<String> = contents
            .components
            .iter()
            .map(supplied)
            .chain(contents.unresolved.iter().map(|text| format!("? {text}")))
            .collect();
        found.join(", ")
    }

    #[test]
    fn a_range_of_chart_versions_is_unresolved() {
        let check = |version: &str, repository: &str, expected: &str| {
            let dependency = ChartDependency {
                name: "redis".to_owned(),
                version: version.to_owned(),
                repository: repository.to_owned(),
                digest: None,
            };
            assert_eq!(only(&chart::<&str>(&[dependency], &[])), expected, "{version}");
        };
        let home = "https://charts.example.com/c";
        let exact = "pkg:generic/redis@1.2.3?repository_url=https://charts.example.com/c";
        check("1.2.3", home, &format!("{exact} by charts.example.com"));
        check("1.2.3", "", "pkg:generic/redis@1.2.3 by Publisher");
        check("1.2.3-a.1+b", "file://../r", "pkg:generic/redis@1.2.3-a.1%2Bb by Publisher");
        for range in ["^1.2.3", "1.2", "1.x.x", ">=1.0.0", "1.2.3 - 2.0.0", "~1.2.3"] {
            check(range, home, &format!("? chart redis {range}"));
        }
        check("", home, "? chart redis");
    }

    #[test]
    fn an_image_is_known_by_digest_or_tag() {
        let check = |image: &str, expected: &str| {
            assert_eq!(only(&chart(&[], &[image])), expected, "{image}");
        };
        let pin = Digest::of(b"");
        check("ghcr.io/o/n:1.0", "pkg:oci/n?repository_url=ghcr.io/o/n&tag=1.0 by ghcr.io/o");
        check(
            &format!("localhost:5000/n@{pin}"),
            &format!("pkg:oci/n@{pin}?repository_url=localhost:5000/n by localhost:5000"),
        );
        check("redis:7", "pkg:oci/redis?repository_url=redis&tag=7 by redis");
        check("redis", "? image redis");
        check("localhost:5000/redis", "? image localhost:5000/redis");
        check("{{ .Values.image }}:1", "? image {{ .Values.image }}:1");
        check("", "? image ");
    }
}
