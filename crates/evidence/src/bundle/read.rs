//! Reads a bundle's JSON (protobuf's JSON mapping of sigstore `bundle.v1`, `common.v1` and
//! `rekor.v1`), whoever wrote it: fields that are not known here are passed over, `null` is an
//! absent field, a 64-bit number may be text. Every count and size is bounded.

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use model::limits::MAX_JSON_BYTES;
use model::{Diagnostic, Digest};
use serde_json::{Map, Value};

use super::{
    Bundle, Certificate, Content, InclusionProof, LogEntry, MEDIA_TYPE, SHA256, Signer, Timestamp,
    wrong,
};
use crate::codes;
use crate::json;

/// Values in a bundle: a log entry with a whole proof has under a hundred, of which
/// [`MAX_LOG_ENTRIES`] stay far below.
const MAX_VALUES: usize = 10_000;

/// Log entries and timestamps, each: signers use one or two, every one costs its verification, and
/// sigstore-go takes as many.
const MAX_LOG_ENTRIES: usize = 32;
const MAX_TIMESTAMPS: usize = 32;

/// Certificates of a chain: the public instance has three in all.
const MAX_CERTIFICATES: usize = 10;

/// Hashes of an inclusion proof: one a level, of a tree whose size is a 64-bit number (RFC 9162,
/// 2.1.3.1).
const MAX_PROOF_HASHES: usize = 64;

/// Bytes of a certificate, a signature, a timestamp, a checkpoint, a name: the largest in use, a
/// timestamp with its authority's chain, has about 6 KB.
const MAX_ITEM_BYTES: u64 = 64 << 10;

/// Reads a bundle.
///
/// # Errors
/// `bundle-syntax` when it is not one.
pub(super) fn read(text: &str) -> Result<Bundle, Diagnostic> {
    let tree = json::tree(&codes::BUNDLE_SYNTAX, "bundle", text, MAX_VALUES)?;
    let bundle = Object::of("bundle", &tree)?;
    let media_type = bundle.text("mediaType")?;
    if !READABLE.contains(&media_type) {
        let found = media_type.escape_debug();
        return Err(wrong(format!("`mediaType` should be `{MEDIA_TYPE}` and is `{found}`")));
    }
    let material = bundle.required("verificationMaterial")?;
    let entries = material.list("tlogEntries", MAX_LOG_ENTRIES)?;
    let timestamps = match material.object("timestampVerificationData")? {
        Some(data) => data.list("rfc3161Timestamps", MAX_TIMESTAMPS)?,
        None => Vec::new(),
    };
    let stamp = |one: Object<'_>| one.bytes("signedTimestamp", MAX_ITEM_BYTES).map(Timestamp);
    Ok(Bundle {
        signer: signer(&material)?,
        log_entries: entries.into_iter().map(log_entry).collect::<Result<_, _>>()?,
        timestamps: timestamps.into_iter().map(stamp).collect::<Result<_, _>>()?,
        content: content(&bundle)?,
    })
}

fn signer(material: &Object<'_>) -> Result<Signer, Diagnostic> {
    let key = material.object("publicKey")?;
    let certificate = material.object("certificate")?;
    let chain = material.object("x509CertificateChain")?;
    match (key, certificate, chain) {
        (Some(key), None, None) => Ok(Signer::Key(key.maybe_text("hint")?.to_owned())),
        (None, Some(leaf), None) => {
            let leaf = leaf.bytes("rawBytes", MAX_ITEM_BYTES)?;
            Ok(Signer::Certificate(Certificate { leaf, chain: Vec::new() }))
        }
        (None, None, Some(chain)) => {
            let all = chain.list("certificates", MAX_CERTIFICATES)?.into_iter();
            let mut all = all.map(|one| one.bytes("rawBytes", MAX_ITEM_BYTES));
            let leaf = all.next().ok_or_else(|| wrong("`certificates` is empty"))??;
            let chain = all.collect::<Result<_, _>>()?;
            Ok(Signer::Certificate(Certificate { leaf, chain }))
        }
        _ => Err(wrong(
            "must hold one of `publicKey`, `certificate` and `x509CertificateChain`, and only one",
        )),
    }
}

fn content(bundle: &Object<'_>) -> Result<Content, Diagnostic> {
    match (bundle.object("messageSignature")?, bundle.object("dsseEnvelope")?) {
        (Some(message), None) => {
            let digest = message.required("messageDigest")?;
            let algorithm = digest.text("algorithm")?;
            if algorithm != SHA256 {
                let found = algorithm.escape_debug();
                return Err(wrong(format!("the digest is `{found}`; `{SHA256}` is known here")));
            }
            let digest = digest.hash("digest")?;
            Ok(Content::Message { digest, signature: message.bytes("signature", MAX_ITEM_BYTES)? })
        }
        (None, Some(envelope)) => {
            let signatures = envelope.list("signatures", MAX_VALUES)?;
            let [signature] = signatures.as_slice() else {
                let count = signatures.len();
                return Err(wrong(format!(
                    "the envelope has {count} signatures; a bundle has one"
                )));
            };
            Ok(Content::Envelope {
                payload: decode("payload", envelope.text("payload")?, MAX_JSON_BYTES)?,
                signature: signature.bytes("sig", MAX_ITEM_BYTES)?,
                payload_type: envelope.text("payloadType")?.to_owned(),
            })
        }
        _ => Err(wrong("must hold either `messageSignature` or `dsseEnvelope`")),
    }
}

fn log_entry(entry: Object<'_>) -> Result<LogEntry, Diagnostic> {
    let kind = entry.required("kindVersion")?;
    let promise = entry.object("inclusionPromise")?;
    let proof = entry.object("inclusionProof")?;
    Ok(LogEntry {
        log_index: entry.number("logIndex")?,
        log_id: entry.required("logId")?.bytes("keyId", MAX_ITEM_BYTES)?,
        kind: kind.text("kind")?.to_owned(),
        version: kind.text("version")?.to_owned(),
        integrated_time: Some(entry.number("integratedTime")?).filter(|time| *time > 0),
        inclusion_promise: promise
            .map(|promise| promise.bytes("signedEntryTimestamp", MAX_ITEM_BYTES))
            .transpose()?,
        inclusion_proof: proof.map(inclusion_proof).transpose()?,
        canonicalized_body: entry.bytes("canonicalizedBody", MAX_JSON_BYTES)?,
    })
}

fn inclusion_proof(proof: Object<'_>) -> Result<InclusionProof, Diagnostic> {
    let hashes = proof.values("hashes", MAX_PROOF_HASHES)?.iter();
    let checkpoint = proof.required("checkpoint")?.text("envelope")?;
    if checkpoint.len() as u64 > MAX_ITEM_BYTES {
        return Err(too_long("envelope", MAX_ITEM_BYTES));
    }
    Ok(InclusionProof {
        log_index: proof.number("logIndex")?,
        root_hash: proof.hash("rootHash")?,
        tree_size: proof.number("treeSize")?,
        hashes: hashes
            .map(|hash| sha256("hashes", hash.as_str().unwrap_or_default()))
            .collect::<Result<_, _>>()?,
        checkpoint: checkpoint.to_owned(),
    })
}

/// The fields of an object.
struct Object<'v>(&'v Map<String, Value>);

impl<'v> Object<'v> {
    fn of(name: &str, value: &'v Value) -> Result<Self, Diagnostic> {
        value.as_object().map(Self).ok_or_else(|| wrong(format!("`{name}` is not an object")))
    }

    fn field(&self, name: &str) -> Option<&'v Value> {
        self.0.get(name).filter(|value| !value.is_null())
    }

    fn object(&self, name: &str) -> Result<Option<Object<'v>>, Diagnostic> {
        self.field(name).map(|value| Object::of(name, value)).transpose()
    }

    fn required(&self, name: &str) -> Result<Object<'v>, Diagnostic> {
        self.object(name)?.ok_or_else(|| wrong(format!("`{name}` is missing")))
    }

    fn values(&self, name: &str, limit: usize) -> Result<&'v [Value], Diagnostic> {
        match self.field(name) {
            None => Ok(&[]),
            Some(Value::Array(values)) if values.len() <= limit => Ok(values),
            Some(Value::Array(_)) => Err(wrong(format!("`{name}` has more than {limit} entries"))),
            Some(_) => Err(wrong(format!("`{name}` is not a list"))),
        }
    }

    fn list(&self, name: &str, limit: usize) -> Result<Vec<Object<'v>>, Diagnostic> {
        self.values(name, limit)?.iter().map(|value| Object::of(name, value)).collect()
    }

    /// Nothing where the field is absent, as protobuf has it.
    fn maybe_text(&self, name: &str) -> Result<&'v str, Diagnostic> {
        match self.field(name) {
            None => Ok(""),
            Some(Value::String(text)) => Ok(text),
            Some(_) => Err(wrong(format!("`{name}` is not a text"))),
        }
    }

    fn text(&self, name: &str) -> Result<&'v str, Diagnostic> {
        match self.field(name) {
            None => Err(wrong(format!("`{name}` is missing"))),
            Some(_) => self.maybe_text(name),
        }
    }

    /// Bytes that may not be missing.
    fn bytes(&self, name: &str, limit: u64) -> Result<Vec<u8>, Diagnostic> {
        let bytes = decode(name, self.text(name)?, limit)?;
        if bytes.is_empty() { Err(wrong(format!("`{name}` is empty"))) } else { Ok(bytes) }
    }

    fn hash(&self, name: &str) -> Result<Digest, Diagnostic> {
        sha256(name, self.text(name)?)
    }

    /// A 64-bit number that counts something; 0 where it is absent.
    fn number(&self, name: &str) -> Result<u64, Diagnostic> {
        let number = match self.field(name) {
            None => Some(0),
            Some(Value::String(text)) => text.parse().ok(),
            Some(value) => value.as_u64(),
        };
        let counts = number.filter(|number| i64::try_from(*number).is_ok());
        counts.ok_or_else(|| wrong(format!("`{name}` is not a count")))
    }
}

fn sha256(name: &str, text: &str) -> Result<Digest, Diagnostic> {
    let raw = decode(name, text, MAX_ITEM_BYTES)?;
    let raw = <[u8; 32]>::try_from(raw).map_err(|_| wrong(format!("`{name}` is not 32 bytes")))?;
    Ok(Digest::from_raw(raw))
}

/// Protobuf's JSON mapping lets readers take base64 with or without padding. Bits that say nothing
/// are never taken.
fn decode(name: &str, text: &str, limit: u64) -> Result<Vec<u8>, Diagnostic> {
    if text.len() as u64 / 4 * 3 > limit {
        return Err(too_long(name, limit));
    }
    BASE64.decode(text).map_err(|error| wrong(format!("`{name}` is not base64: {error}")))
}

fn too_long(name: &str, limit: u64) -> Diagnostic {
    wrong(format!("`{name}` has more than {limit} bytes"))
}

/// The spellings of the media type that were ever in use.
const READABLE: [&str; 4] = [
    MEDIA_TYPE,
    "application/vnd.dev.sigstore.bundle+json;version=0.3",
    "application/vnd.dev.sigstore.bundle+json;version=0.2",
    "application/vnd.dev.sigstore.bundle+json;version=0.1",
];

const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);
