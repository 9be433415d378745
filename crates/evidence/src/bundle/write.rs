//! How a bundle of our own is spelled in JSON: media type v0.3, the fields in the order of the
//! protobuf messages (sigstore `bundle.v1`, `rekor.v1`), what is absent left out.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use model::Diagnostic;
use serde::Serialize;

use super::{Bundle, Content, InclusionProof, LogEntry, MEDIA_TYPE, SHA256, Signer, wrong};
use crate::codes;
use crate::json;

/// The one rendering.
pub(super) fn render(bundle: &Bundle) -> Result<String, Diagnostic> {
    let (public_key, certificate) = match &bundle.signer {
        Signer::Key(hint) => (Some(KeyHint { hint }), None),
        Signer::Certificate(certificate) if certificate.chain.is_empty() => {
            (None, Some(Certificate { raw_bytes: base64(&certificate.leaf) }))
        }
        Signer::Certificate(_) => {
            return Err(wrong("a bundle of version 0.3 holds the signer's certificate alone"));
        }
    };
    let stamps = bundle.timestamps.iter();
    let stamps: Vec<Timestamp> =
        stamps.map(|stamp| Timestamp { signed_timestamp: base64(&stamp.0) }).collect();
    let (message_signature, dsse_envelope) = content(&bundle.content);
    let wire = Wire {
        media_type: MEDIA_TYPE,
        verification_material: Material {
            public_key,
            certificate,
            tlog_entries: bundle.log_entries.iter().map(Entry::from).collect(),
            timestamp_verification_data: (!stamps.is_empty())
                .then_some(Timestamps { rfc3161_timestamps: stamps }),
        },
        message_signature,
        dsse_envelope,
    };
    json::render(&codes::BUNDLE_SYNTAX, &wire)
}

fn content(content: &Content) -> (Option<MessageSignature>, Option<Envelope<'_>>) {
    match content {
        Content::Message { digest, signature } => {
            let message_digest = MessageDigest { algorithm: SHA256, digest: base64(digest.raw()) };
            (Some(MessageSignature { message_digest, signature: base64(signature) }), None)
        }
        Content::Envelope { payload_type, payload, signature } => {
            let signatures = [Signature { sig: base64(signature) }];
            (None, Some(Envelope { payload: base64(payload), payload_type, signatures }))
        }
    }
}

fn base64(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Wire<'b> {
    media_type: &'static str,
    verification_material: Material<'b>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message_signature: Option<MessageSignature>,
    #[serde(skip_serializing_if = "Option::is_none")]
    dsse_envelope: Option<Envelope<'b>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Material<'b> {
    #[serde(skip_serializing_if = "Option::is_none")]
    public_key: Option<KeyHint<'b>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    certificate: Option<Certificate>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tlog_entries: Vec<Entry<'b>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    timestamp_verification_data: Option<Timestamps>,
}

#[derive(Serialize)]
struct KeyHint<'b> {
    hint: &'b str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Certificate {
    raw_bytes: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Entry<'b> {
    log_index: String,
    log_id: LogId,
    kind_version: KindVersion<'b>,
    #[serde(skip_serializing_if = "Option::is_none")]
    integrated_time: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    inclusion_promise: Option<Promise>,
    #[serde(skip_serializing_if = "Option::is_none")]
    inclusion_proof: Option<Proof<'b>>,
    canonicalized_body: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct LogId {
    key_id: String,
}

#[derive(Serialize)]
struct KindVersion<'b> {
    kind: &'b str,
    version: &'b str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Promise {
    signed_entry_timestamp: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Proof<'b> {
    log_index: String,
    root_hash: String,
    tree_size: String,
    hashes: Vec<String>,
    checkpoint: Checkpoint<'b>,
}

#[derive(Serialize)]
struct Checkpoint<'b> {
    envelope: &'b str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Timestamps {
    rfc3161_timestamps: Vec<Timestamp>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Timestamp {
    signed_timestamp: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct MessageSignature {
    message_digest: MessageDigest,
    signature: String,
}

#[derive(Serialize)]
struct MessageDigest {
    algorithm: &'static str,
    digest: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Envelope<'b> {
    payload: String,
    payload_type: &'b str,
    signatures: [Signature; 1],
}

#[derive(Serialize)]
struct Signature {
    sig: String,
}

impl<'b> From<&'b LogEntry> for Entry<'b> {
    fn from(entry: &'b LogEntry) -> Self {
        let promise = entry.inclusion_promise.as_ref();
        Self {
            log_index: entry.log_index.to_string(),
            log_id: LogId { key_id: base64(&entry.log_id) },
            kind_version: KindVersion { kind: &entry.kind, version: &entry.version },
            integrated_time: entry.integrated_time.map(|time| time.to_string()),
            inclusion_promise: promise
                .map(|promise| Promise { signed_entry_timestamp: base64(promise) }),
            inclusion_proof: entry.inclusion_proof.as_ref().map(Proof::from),
            canonicalized_body: base64(&entry.canonicalized_body),
        }
    }
}

impl<'b> From<&'b InclusionProof> for Proof<'b> {
    fn from(proof: &'b InclusionProof) -> Self {
        Self {
            log_index: proof.log_index.to_string(),
            root_hash: base64(proof.root_hash.raw()),
            tree_size: proof.tree_size.to_string(),
            hashes: proof.hashes.iter().map(|hash| base64(hash.raw())).collect(),
            checkpoint: Checkpoint { envelope: &proof.checkpoint },
        }
    }
}
