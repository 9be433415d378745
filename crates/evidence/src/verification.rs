//! What verifying a signature takes and gives: whom to trust, who signed, when, and the three
//! answers: yes; no, because; it cannot be known, because.

use std::collections::BTreeMap;

use model::Diagnostic;

use crate::PublicKey;

/// A signer that whoever verifies has chosen to trust.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TrustedSigner {
    /// The owner of the private half of a key.
    Key(PublicKey),
}

/// Who signed, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// Who signed.
    pub who: Identity,
    /// When; nothing where no log and no timestamp authority vouches for a time.
    pub when: Option<SignedAt>,
}

/// Who signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Identity {
    /// The owner of a key.
    Key {
        /// The key, as [`PublicKey::hint`] names it.
        hint: String,
    },
    /// Whoever a certificate was issued to.
    Certificate {
        /// Who vouched for the identity: the address of an OpenID Connect issuer.
        issuer: String,
        /// The subject's alternative name: an address or an e-mail address.
        subject: String,
        /// Further claims of the certificate, by the dotted number of their extension.
        claims: BTreeMap<String, String>,
    },
}

/// A time that somebody vouches for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SignedAt {
    /// Seconds since 1970.
    pub seconds: u64,
    /// Who vouches for it.
    pub source: TimeSource,
}

/// Who vouches for a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TimeSource {
    /// A transparency log: when it took the entry.
    Log,
    /// A timestamp authority (RFC 3161).
    TimestampAuthority,
}

/// Why nothing is verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The reason, for whoever decides by it.
    pub why: Why,
    /// The reason, for people.
    pub diagnostic: Diagnostic,
}

/// The reason for a refusal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// No: the signature is over something else.
    Subject,
    /// No: somebody signed who is not trusted.
    Signer,
    /// No: the bundle or its signature is not valid.
    Invalid,
    /// Cannot know: it is signed in a way that is not judged here.
    Unknown,
}

impl TrustedSigner {
    /// The key in a file of our own making, in its one spelling.
    ///
    /// # Errors
    /// As [`PublicKey::parse`].
    pub fn parse_key(pem: &str) -> Result<Self, Diagnostic> {
        PublicKey::parse(pem).map(Self::Key)
    }

    /// The key in a file that somebody else wrote.
    ///
    /// # Errors
    /// As [`PublicKey::read`].
    pub fn read_key(pem: &str) -> Result<Self, Diagnostic> {
        PublicKey::read(pem).map(Self::Key)
    }

    /// Who that is.
    #[must_use]
    pub fn identity(&self) -> Identity {
        match self {
            Self::Key(key) => Identity::Key { hint: key.hint() },
        }
    }
}

impl Verified {
    /// Signed by `who`, nobody knows when.
    #[must_use]
    pub fn by(who: Identity) -> Self {
        Self { who, when: None }
    }
}

impl Refusal {
    /// A refusal for the reason `why`.
    #[must_use]
    pub fn new(why: Why, diagnostic: Diagnostic) -> Self {
        Self { why, diagnostic }
    }
}

/// A diagnostic that comes alone says that something is not valid.
impl From<Diagnostic> for Refusal {
    fn from(diagnostic: Diagnostic) -> Self {
        Self::new(Why::Invalid, diagnostic)
    }
}
