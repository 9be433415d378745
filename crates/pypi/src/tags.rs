//! Compatibility tags: their spelling, and the platform tags that the public index takes.
//!
//! PEP 425 (tags), 600 (manylinux), 656 (musllinux), 783 (pyemscripten). Knows no interpreter and
//! no machine: whether a wheel fits somewhere is an installer's question.

use std::fmt;

use model::Platform;

/// `python-abi-platform`, in lower case.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Tag {
    /// `py3`, `cp311`.
    pub python: String,
    /// `none`, `abi3`, `cp311`.
    pub abi: String,
    /// `any`, `manylinux_2_17_x86_64`.
    pub platform: String,
}

impl Tag {
    /// The tag of these three parts.
    #[must_use]
    pub fn new(python: &str, abi: &str, platform: &str) -> Self {
        let lower = str::to_ascii_lowercase;
        Self { python: lower(python), abi: lower(abi), platform: lower(platform) }
    }

    /// Reads what a `Tag:` line of `WHEEL` holds, compressed sets expanded; nothing when it has
    /// not exactly three parts, or stands for more than a thousand.
    #[must_use]
    pub fn expand(text: &str) -> Option<Vec<Self>> {
        let parts: Vec<&str> = text.trim().split('-').collect();
        let [pythons, abis, platforms] = parts.as_slice() else { return None };
        if !is_bounded([pythons, abis, platforms].map(|set| set.split('.').count())) {
            return None;
        }
        let mut tags = Vec::new();
        for python in pythons.split('.') {
            for abi in abis.split('.') {
                tags.extend(platforms.split('.').map(|platform| Self::new(python, abi, platform)));
            }
        }
        Some(tags)
    }
}

impl fmt::Display for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}-{}", self.python, self.abi, self.platform)
    }
}

/// Tags of one wheel at most. The widest of the public index have some dozens; a few kilobytes
/// of text could stand for billions.
pub(crate) const MAX_TAGS: usize = 1_000;

/// Whether sets of these sizes stand for no more than [`MAX_TAGS`].
pub(crate) fn is_bounded(sizes: [usize; 3]) -> bool {
    sizes.into_iter().fold(1_usize, usize::saturating_mul) <= MAX_TAGS
}

/// Whether the public index takes wheels for this platform tag.
#[must_use]
pub fn is_accepted(platform: &str) -> bool {
    FIXED.contains(&platform)
        || macos(platform)
        || linux(platform)
        || ios(platform)
        || android(platform)
        || pyemscripten(platform)
}

/// The platform that a tag stands for, where it is one of the five; nothing for `any`.
#[must_use]
pub fn platform_of(tag: &str) -> Option<Platform> {
    let linux = tag.starts_with("manylinux") || tag.starts_with("musllinux");
    if linux || tag.starts_with("linux_") {
        if tag.ends_with("_x86_64") {
            return Some(Platform::LinuxAmd64);
        }
        return tag.ends_with("_aarch64").then_some(Platform::LinuxArm64);
    }
    if tag.starts_with("macosx_") {
        if tag.ends_with("_x86_64") {
            return Some(Platform::DarwinAmd64);
        }
        return tag.ends_with("_arm64").then_some(Platform::DarwinArm64);
    }
    (tag == "win_amd64").then_some(Platform::WindowsAmd64)
}

const FIXED: [&str; 18] = [
    "any",
    "win32",
    "win_arm64",
    "win_amd64",
    "win_ia64",
    "manylinux1_x86_64",
    "manylinux1_i686",
    "manylinux2010_x86_64",
    "manylinux2010_i686",
    "manylinux2014_x86_64",
    "manylinux2014_i686",
    "manylinux2014_aarch64",
    "manylinux2014_armv7l",
    "manylinux2014_ppc64",
    "manylinux2014_ppc64le",
    "manylinux2014_s390x",
    "linux_armv6l",
    "linux_armv7l",
];

/// Apple's major versions with wheels, from the index's own list: 15 was followed by 26.
const MACOS_MAJORS: [u32; 6] = [11, 12, 13, 14, 15, 26];

const MACOS_ARCHES: [&str; 11] = [
    "ppc",
    "ppc64",
    "i386",
    "x86_64",
    "arm64",
    "intel",
    "fat",
    "fat3",
    "fat64",
    "universal",
    "universal2",
];

const LINUX_ARCHES: [&str; 7] =
    ["x86_64", "i686", "aarch64", "armv7l", "ppc64le", "s390x", "riscv64"];

const ANDROID_ARCHES: [&str; 4] = ["armeabi_v7a", "arm64_v8a", "x86", "x86_64"];

/// `macosx_10_Y` with any Y; from 11 on the minor version is always 0.
fn macos(tag: &str) -> bool {
    let Some((major, minor, arch)) = two_numbers(tag, "macosx_") else { return false };
    let fits = major == 10 || (minor == 0 && MACOS_MAJORS.contains(&major));
    fits && MACOS_ARCHES.contains(&arch)
}

fn linux(tag: &str) -> bool {
    if let Some((_, _, arch)) = two_numbers(tag, "manylinux_") {
        return LINUX_ARCHES.contains(&arch) || arch == "ppc64";
    }
    two_numbers(tag, "musllinux_").is_some_and(|(_, _, arch)| LINUX_ARCHES.contains(&arch))
}

fn ios(tag: &str) -> bool {
    let Some((_, _, rest)) = two_numbers(tag, "ios_") else { return false };
    let arch = rest.strip_suffix("_iphoneos").or_else(|| rest.strip_suffix("_iphonesimulator"));
    arch.is_some_and(|arch| matches!(arch, "arm64" | "x86_64"))
}

fn android(tag: &str) -> bool {
    let rest = tag.strip_prefix("android_").and_then(number);
    rest.is_some_and(|(_, arch)| ANDROID_ARCHES.contains(&arch))
}

fn pyemscripten(tag: &str) -> bool {
    two_numbers(tag, "pyemscripten_").is_some_and(|(_, _, arch)| arch == "wasm32")
}

/// `{prefix}{number}_{number}_{rest}`.
fn two_numbers<'a>(tag: &'a str, prefix: &str) -> Option<(u32, u32, &'a str)> {
    let (major, rest) = number(tag.strip_prefix(prefix)?)?;
    let (minor, rest) = number(rest)?;
    Some((major, minor, rest))
}

/// A number, the `_` after it, and what follows.
fn number(text: &str) -> Option<(u32, &str)> {
    let (digits, rest) = text.split_once('_')?;
    let all = !digits.is_empty() && digits.chars().all(|c| c.is_ascii_digit());
    Some((all.then(|| digits.parse().ok())??, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn platform_tags_are_taken_as_the_public_index_takes_them() {
        let accepted = "any win32 win_amd64 win_ia64 win_arm64 manylinux1_i686 manylinux1_x86_64 \
            manylinux2010_i686 manylinux2010_x86_64 manylinux2014_i686 manylinux2014_x86_64 \
            manylinux2014_aarch64 manylinux2014_armv7l manylinux2014_ppc64 manylinux2014_ppc64le \
            manylinux2014_s390x manylinux_2_5_i686 manylinux_2_12_x86_64 manylinux_2_17_aarch64 \
            manylinux_2_17_armv7l manylinux_2_17_ppc64 manylinux_2_17_ppc64le \
            manylinux_2_39_riscv64 manylinux_3_0_s390x musllinux_1_1_x86_64 macosx_10_5_ppc \
            macosx_10_5_ppc64 macosx_10_5_i386 macosx_10_5_intel macosx_10_5_fat macosx_10_5_fat3 \
            macosx_10_5_fat64 macosx_10_5_universal macosx_10_13_x86_64 macosx_11_0_x86_64 \
            macosx_10_15_arm64 macosx_15_0_universal2 macosx_26_0_arm64 ios_13_0_arm64_iphoneos \
            ios_13_0_arm64_iphonesimulator ios_13_0_x86_64_iphonesimulator \
            ios_15_4_arm64_iphoneos android_27_armeabi_v7a android_27_arm64_v8a android_27_x86 \
            android_27_x86_64 pyemscripten_2026_0_wasm32";
        for tag in accepted.split_whitespace() {
            assert!(is_accepted(tag), "{tag} was refused");
        }
        let refused = "linux_x86_64 linux_aarch64 macosx_9_2_x86_64 macosx_11_2_arm64 \
            macosx_11_3_arm64 macosx_16_2_arm64 macosx_16_0_arm64 macosx_10_15_amd64 \
            macosx_27_0_arm64 musllinux_1_2_ppc64 manylinux_x_17_i686 manylinux_2_17 win_x86 \
            ios_13_0_armv7_iphoneos android_x_x86 pyemscripten_1_0_wasm64 macosx_10_5";
        for tag in refused.split_whitespace() {
            assert!(!is_accepted(tag), "{tag} was accepted");
        }
    }

    #[test]
    fn a_compressed_tag_stands_for_its_product() {
        let check = |text: &str, expected: &[&str]| {
            let found: Option<Vec<String>> =
                Tag::expand(text).map(|tags| tags.iter().map(ToString::to_string).collect());
            let expected: Vec<String> = expected.iter().map(|tag| (*tag).to_owned()).collect();
            assert_eq!(found.unwrap_or_default(), expected, "{text}");
        };
        check("py3-none-any", &["py3-none-any"]);
        check(" py2.py3-none-ANY ", &["py2-none-any", "py3-none-any"]);
        check("py3-none", &[]);
        check("py3-none-any-more", &[]);
        let many = |count: usize| vec!["a"; count].join(".");
        let size = |text: String| Tag::expand(&text).map(|tags| tags.len());
        assert_eq!(size(format!("{}-{}-any", many(100), many(10))), Some(1_000));
        assert_eq!(size(format!("{}-{}-any", many(100), many(11))), None);
        assert_eq!(size(["", "-", "-"].map(|dash| dash.to_owned() + &many(1_000)).concat()), None);
    }

    #[test]
    fn a_tag_stands_for_one_of_the_platforms_or_none() {
        let check = |tag: &str, expected| assert_eq!(platform_of(tag), expected, "{tag}");
        check("manylinux2014_x86_64", Some(Platform::LinuxAmd64));
        check("manylinux_2_17_aarch64", Some(Platform::LinuxArm64));
        check("musllinux_1_2_x86_64", Some(Platform::LinuxAmd64));
        check("macosx_11_0_arm64", Some(Platform::DarwinArm64));
        check("win_amd64", Some(Platform::WindowsAmd64));
        check("any", None);
        check("manylinux2014_s390x", None);
    }
}
