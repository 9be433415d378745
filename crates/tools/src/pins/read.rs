//! Parses the table and refuses an invalid one.

use std::collections::BTreeSet;

use model::{Digest, Platform};
use serde::Deserialize;

use super::{Origin, Pin, Pins, PinsError, RustPin, Source, Tool};

/// The longest table that is parsed, in bytes: the real one has about 10 kB.
const MAX_TABLE: usize = 1 << 20;

/// Parses `text`; [`Pins::parse`] says what is refused.
pub(super) fn table(text: &str) -> Result<Pins, PinsError> {
    if text.len() > MAX_TABLE {
        return Err(PinsError::Unreadable(format!("it is longer than {MAX_TABLE} bytes")));
    }
    let raw: RawPins =
        toml::from_str(text).map_err(|error| PinsError::Unreadable(error.to_string()))?;
    check_rust(&raw.rust)?;
    let pins = raw.pin.into_iter().map(RawPin::check).collect::<Result<Vec<_>, _>>()?;
    check_together(&pins)?;
    Ok(Pins { rust: raw.rust, pins })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawPins {
    rust: RustPin,
    pin: Vec<RawPin>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawPin {
    tool: String,
    version: String,
    platform: String,
    source: Vec<RawSource>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawSource {
    from: String,
    file: String,
    bytes: u64,
    sha256: String,
    program: String,
    inner: Option<String>,
    only: Option<String>,
}

impl RawPin {
    fn check(self) -> Result<Pin, PinsError> {
        let label = format!("{} {} {}", self.tool, self.version, self.platform);
        let fault = |fault: String| PinsError::Pin { pin: label.clone(), fault };
        let tool = self.tool.parse::<Tool>().map_err(|error| fault(error.to_string()))?;
        let platform = match self.platform.as_str() {
            "any" => None,
            name => Some(name.parse::<Platform>().map_err(|error| fault(error.to_string()))?),
        };
        let is_fixed = is_exact(&self.version) || (tool.is_data() && is_dated(&self.version));
        if !is_fixed {
            return Err(fault("the version is not MAJOR.MINOR.PATCH".to_owned()));
        }
        if self.source.is_empty() {
            return Err(fault("it has no source".to_owned()));
        }
        let sources = self
            .source
            .into_iter()
            .map(|source| source.check(tool, platform).map_err(fault))
            .collect::<Result<Vec<_>, _>>()?;
        Ok(Pin { tool, version: self.version, platform, sources })
    }
}

impl RawSource {
    fn check(self, tool: Tool, platform: Option<Platform>) -> Result<Source, String> {
        let origin: Origin = self.from.parse()?;
        let compiled = matches!(origin, Origin::Crate { .. });
        if (compiled || tool.is_data()) != platform.is_none() {
            let why = "a crate is compiled: only a crate and data have the platform `any`";
            return Err(why.to_owned());
        }
        let digest = Digest::from_hex(&self.sha256).map_err(|error| error.to_string())?;
        if self.bytes == 0 {
            return Err("the download has 0 bytes".to_owned());
        }
        if self.file.contains(['/', '\\']) {
            return Err(format!("`{}` is a path, not a file name", self.file));
        }
        let paths = [Some(&self.program), self.inner.as_ref(), self.only.as_ref()];
        if let Some(path) = paths.into_iter().flatten().find(|path| !stays_inside(path)) {
            return Err(format!("`{path}` leaves the unpacked folder"));
        }
        Ok(Source {
            origin,
            file: self.file,
            bytes: self.bytes,
            digest,
            program: self.program,
            inner: self.inner,
            only: self.only,
        })
    }
}

fn check_rust(pin: &RustPin) -> Result<(), PinsError> {
    let hex = |text: &str, length| {
        text.len() == length && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
    };
    let fault = if !is_exact(&pin.version) {
        "the version is not MAJOR.MINOR.PATCH"
    } else if !hex(&pin.manifest, 20) {
        "`manifest` is not 20 lower-case hex digits"
    } else if !hex(&pin.commit, 40) {
        "`commit` is not 40 lower-case hex digits"
    } else {
        return Ok(());
    };
    Err(PinsError::Pin { pin: "rust".to_owned(), fault: fault.to_owned() })
}

fn check_together(pins: &[Pin]) -> Result<(), PinsError> {
    let fault =
        |pin: &Pin, fault: &str| Err(PinsError::Pin { pin: pin.label(), fault: fault.to_owned() });
    let mut seen = BTreeSet::new();
    let mut digests = BTreeSet::new();
    for pin in pins {
        if !seen.insert((pin.tool, pin.platform)) {
            return fault(pin, "another pin has the same tool and platform");
        }
        let of_tool = || pins.iter().filter(|other| other.tool == pin.tool);
        if of_tool().any(|other| other.version != pin.version) {
            return fault(pin, "another pin of the tool has a different version");
        }
        if pin.platform.is_none() && of_tool().count() > 1 {
            return fault(pin, "a tool for `any` platform has one pin");
        }
        for source in &pin.sources {
            digests.insert((source.digest, source.file.as_str()));
        }
    }
    let distinct: BTreeSet<_> = digests.iter().map(|(digest, _)| digest).collect();
    if distinct.len() == digests.len() {
        return Ok(());
    }
    Err(PinsError::Unreadable("two different files have the same sha256".to_owned()))
}

fn is_exact(version: &str) -> bool {
    let parts: Vec<&str> = version.split('.').collect();
    let number = |part: &&str| {
        !part.is_empty() && part.len() <= 9 && part.bytes().all(|b| b.is_ascii_digit())
    };
    parts.len() == 3 && parts.iter().all(number)
}

/// Data has versions such as `2026.2`, after the year.
fn is_dated(version: &str) -> bool {
    let known = |c: char| c.is_ascii_alphanumeric() || c == '.';
    version.starts_with("20") && version.chars().all(known)
}

fn stays_inside(path: &str) -> bool {
    let plain = |part: &str| part != ".." && part != "." && !part.contains(['\\', ':', '\0']);
    !path.is_empty() && !path.starts_with('/') && path.split('/').all(plain)
}
