//! The system in an image: the distribution, and in it the packages that its own list names.

use crate::{Component, Contents, Purpose, Supplier, purl};

/// A distribution as it calls itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Distribution {
    /// `debian`, `alpine`; empty where none tells.
    pub id: String,
    /// For people.
    pub name: String,
    /// Its release; empty for one without.
    pub version: String,
}

/// A package of a distribution.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Installed {
    /// The type of its package URL: `deb`, `apk`.
    pub kind: &'static str,
    /// Its name.
    pub name: String,
    /// Its whole version.
    pub version: String,
    /// The architecture that it was built for.
    pub arch: String,
    /// Name and version of the source package, each where it is another.
    pub source: (String, String),
    /// Its licence as its list tells.
    pub license: String,
}

/// The packages of a distribution: each as a part of it, and it as a part of the image.
#[must_use]
pub fn system(distribution: &Distribution, packages: &[Installed]) -> Contents {
    let mut inner = Contents::default();
    let Distribution { id, name, version } = distribution;
    let supplier = Supplier::named(if name.is_empty() { id } else { name });
    let release = match version.is_empty() {
        true => id.clone(),
        false => format!("{id}-{version}"),
    };
    for package in packages {
        let (source, source_version) = &package.source;
        // The qualifier that scanners look for, as syft spells it.
        let upstream = match source_version.is_empty() {
            true => source.clone(),
            false => format!("{source}@{source_version}"),
        };
        let comment = match upstream.is_empty() {
            true => String::new(),
            false => format!("built from the source package {}", upstream.replace('@', " ")),
        };
        let qualifiers =
            [("arch", package.arch.as_str()), ("distro", &release), ("upstream", &upstream)];
        let purl = purl::system(package.kind, id, &package.name, &package.version, &qualifiers);
        let component = Component {
            name: package.name.clone(),
            version: package.version.clone(),
            supplier: supplier.clone(),
            license: package.license.clone(),
            comment,
            ..Component::default()
        };
        inner.contain(&purl, component, Contents::default());
    }
    if id.is_empty() {
        return inner;
    }
    let mut contents = Contents::default();
    let component = Component {
        name: id.clone(),
        version: version.clone(),
        supplier,
        purpose: Purpose::OperatingSystem,
        ..Component::default()
    };
    contents.contain(&purl::file(id, version, None), component, inner);
    contents
}

#[cfg(test)]
mod tests {
    use super::*;

    fn purls(distribution: &Distribution, package: Installed) -> Vec<String> {
        system(distribution, &[package]).components.into_keys().collect()
    }

    #[test]
    fn each_package_says_of_which_distribution_it_is() {
        let named = |id: &str, version: &str| Distribution {
            id: id.to_owned(),
            name: String::new(),
            version: version.to_owned(),
        };
        let package = Installed {
            kind: "deb",
            name: "zlib1g".to_owned(),
            version: "1:1.2+b1".to_owned(),
            arch: "amd64".to_owned(),
            source: ("zlib".to_owned(), "1:1.2".to_owned()),
            license: String::new(),
        };
        let expected = [
            "pkg:deb/debian/zlib1g@1:1.2%2Bb1?arch=amd64&distro=debian-12&upstream=zlib%401:1.2",
            "pkg:generic/debian@12",
        ];
        assert_eq!(purls(&named("debian", "12"), package.clone()), expected);
        let plain = Installed { source: Default::default(), kind: "apk", ..package.clone() };
        let expected =
            ["pkg:apk/wolfi/zlib1g@1:1.2%2Bb1?arch=amd64&distro=wolfi", "pkg:generic/wolfi"];
        assert_eq!(purls(&named("wolfi", ""), plain), expected);
        let nameless = "pkg:deb/zlib1g@1:1.2%2Bb1?arch=amd64&upstream=zlib%401:1.2";
        assert_eq!(purls(&named("", ""), package), [nameless]);
    }
}
