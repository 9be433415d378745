//! The operating system in an image, and the packages in its databases: dpkg's
//! (deb-control(5), dpkg-query(1)) and apk's ("Alpine package installed database").

use std::collections::BTreeMap;

/// An operating system and its installed packages, sorted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct System {
    /// `ID` of `os-release` (os-release(5)): `debian`, `alpine`; empty if unknown.
    pub id: String,
    /// `NAME`, for display.
    pub name: String,
    /// `VERSION_ID`, else `VERSION_CODENAME`; empty for a system without releases.
    pub version: String,
    /// Installed packages.
    pub packages: Vec<SystemPackage>,
    /// Whether there are databases that are not read: those of RPM.
    pub has_others: bool,
}

/// A package of a system.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct SystemPackage {
    /// The package manager that lists it.
    pub list: PackageList,
    /// Its name.
    pub name: String,
    /// Its full version, with epoch and revision.
    pub version: String,
    /// The architecture that it was built for.
    pub arch: String,
    /// The source package that it was built from, if that has a different name.
    pub source: String,
    /// The version of the source package, if that is different.
    pub source_version: String,
    /// Its licence in the database; dpkg has none.
    pub license: String,
}

/// A package manager.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum PackageList {
    /// dpkg's.
    #[default]
    Dpkg,
    /// apk's.
    Apk,
}

/// Reads the operating system of an image from its files. What cannot be parsed is skipped.
#[must_use]
pub fn system(files: &BTreeMap<String, &[u8]>) -> System {
    let text = |path: &str| files.get(path).map(|bytes| String::from_utf8_lossy(bytes));
    let mut found = System::default();
    // The one below `etc` is usually a link to the other, and there are only files here.
    for line in OS_RELEASE.iter().find_map(|path| text(path)).unwrap_or_default().lines() {
        let Some((key, value)) = line.split_once('=') else { continue };
        let value = value.trim().trim_matches(['"', '\'']);
        match key.trim() {
            "ID" => found.id = value.to_lowercase(),
            "NAME" => value.clone_into(&mut found.name),
            "VERSION_ID" => value.clone_into(&mut found.version),
            "VERSION_CODENAME" if found.version.is_empty() => {
                value.clone_into(&mut found.version);
            }
            _ => {}
        }
    }
    for path in files.keys() {
        // Images without a shell have one file per package, without its state.
        let alone = path.strip_prefix("var/lib/dpkg/status.d/");
        let list = text(path).filter(|_| path == DPKG || alone.is_some_and(is_name));
        found.packages.extend(list.iter().flat_map(|list| dpkg(list)));
        let list = text(path).filter(|_| APK.contains(&path.as_str()));
        found.packages.extend(list.iter().flat_map(|list| apk(list)));
        found.has_others |= RPM.iter().any(|folder| path.starts_with(folder));
    }
    found.packages.sort();
    found.packages.dedup();
    found
}

const OS_RELEASE: [&str; 2] = ["etc/os-release", "usr/lib/os-release"];
const DPKG: &str = "var/lib/dpkg/status";
const APK: [&str; 2] = ["lib/apk/db/installed", "usr/lib/apk/db/installed"];
const RPM: [&str; 2] = ["var/lib/rpm/", "usr/lib/sysimage/rpm/"];

/// There may be a file with checksums beside each such file.
fn is_name(file: &str) -> bool {
    !file.ends_with(".md5sums")
}

fn dpkg(list: &str) -> Vec<SystemPackage> {
    let stanza = |stanza: &str| {
        let fields = fields(stanza, ": ");
        let field = |name: &str| fields.get(name).copied().unwrap_or_default().trim().to_owned();
        // `want flag state`: a removed package may have left its configuration behind.
        let state = field("Status");
        let is_there = state.is_empty() || state.split(' ').next_back() == Some("installed");
        let source = field("Source");
        let (source, version) = source.split_once(" (").unwrap_or((&source, ""));
        Some(SystemPackage {
            list: PackageList::Dpkg,
            name: field("Package"),
            version: field("Version"),
            arch: field("Architecture"),
            source: source.to_owned(),
            source_version: version.trim_end_matches(')').to_owned(),
            license: String::new(),
        })
        .filter(|found| is_there && is_whole(found))
    };
    stanzas(list).into_iter().filter_map(|text| stanza(&text)).collect()
}

fn apk(list: &str) -> Vec<SystemPackage> {
    let stanza = |stanza: &str| {
        let fields = fields(stanza, ":");
        let field = |name: &str| fields.get(name).copied().unwrap_or_default().trim().to_owned();
        let name = field("P");
        let origin = field("o");
        Some(SystemPackage {
            list: PackageList::Apk,
            source: if origin == name { String::new() } else { origin },
            name,
            version: field("V"),
            arch: field("A"),
            source_version: String::new(),
            license: field("L"),
        })
        .filter(is_whole)
    };
    stanzas(list).into_iter().filter_map(|text| stanza(&text)).collect()
}

fn is_whole(package: &SystemPackage) -> bool {
    !package.name.is_empty() && !package.version.is_empty()
}

/// The paragraphs between empty lines.
fn stanzas(list: &str) -> Vec<String> {
    let mut all = vec![String::new()];
    for line in list.lines() {
        match all.last_mut() {
            Some(last) if !line.trim().is_empty() => {
                last.push_str(line);
                last.push('\n');
            }
            Some(last) if !last.is_empty() => all.push(String::new()),
            _ => {}
        }
    }
    all
}

/// The first line of each field; the first of two fields with the same name counts. (What `apk`
/// writes about files repeats the letters of a package's own fields, after them.)
fn fields<'t>(stanza: &'t str, separator: &str) -> BTreeMap<&'t str, &'t str> {
    let mut fields = BTreeMap::new();
    for line in stanza.lines().filter(|line| !line.starts_with([' ', '\t'])) {
        if let Some((name, value)) = line.split_once(separator) {
            fields.entry(name).or_insert(value);
        }
    }
    fields
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(files: &[(&str, &str)], expected: &[&str]) -> System {
        let files = files.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes()));
        let found = system(&files.collect());
        let spelled = found.packages.iter().map(|one| {
            let SystemPackage { name, version, arch, source, source_version, .. } = one;
            format!("{name} {version} {arch} {source} {source_version}").trim().to_owned()
        });
        assert_eq!(spelled.collect::<Vec<_>>(), expected);
        found
    }

    const ZLIB: &str = "Package: zlib1g\nStatus: install ok installed\nArchitecture: amd64\n\
                        Source: zlib (1:1.2)\nVersion: 1:1.2+b1\nDescription: a\n Version: 9\n .\n";

    #[test]
    fn dpkg_names_what_is_installed() {
        let gone = ZLIB.replace("ok installed", "ok config-files").replace("zlib1g", "gone");
        let list = format!("{ZLIB}\n\n{gone}\nPackage: odd\n\n{}", ZLIB.replace("zlib1g", "a"));
        let expected = ["a 1:1.2+b1 amd64 zlib 1:1.2", "zlib1g 1:1.2+b1 amd64 zlib 1:1.2"];
        let os = "# x\nID=Debian\nNAME=\"Debian GNU/Linux\"\nVERSION_ID='12'\nVERSION_CODENAME=b\n";
        let found = check(&[(DPKG, &list), ("usr/lib/os-release", os)], &expected);
        let told = (found.id.as_str(), found.name.as_str(), found.version.as_str());
        assert_eq!(told, ("debian", "Debian GNU/Linux", "12"));
        assert!(!found.has_others);
    }

    #[test]
    fn an_image_without_a_shell_has_one_file_a_package() {
        let one = "Package: tzdata\nVersion: 2024a-0\nArchitecture: all\n";
        let files =
            [("var/lib/dpkg/status.d/tzdata", one), ("var/lib/dpkg/status.d/tzdata.md5sums", one)];
        check(&files, &["tzdata 2024a-0 all"]);
    }

    #[test]
    fn apk_names_packages_before_their_files() {
        let list = "C:Q1x=\nP:musl\nV:1.2.5-r0\nA:x86_64\nL:MIT\no:musl\nF:lib\nR:ld.so\n\
                    a:0:0:755\n\nP:ssl_client\nV:1.36-r2\nA:x86_64\nL:GPL-2.0-only\no:busybox\n";
        let expected = ["musl 1.2.5-r0 x86_64", "ssl_client 1.36-r2 x86_64 busybox"];
        let found = check(&[("usr/lib/apk/db/installed", list)], &expected);
        assert_eq!(found.packages[1].license, "GPL-2.0-only");
    }

    #[test]
    fn what_is_no_list_names_nothing() {
        check(&[], &[]);
        check(&[(DPKG, "\u{0}\u{1}\n::\n\n\n")], &[]);
        assert!(check(&[("var/lib/rpm/rpmdb.sqlite", "x")], &[]).has_others);
    }
}
