//! How a bundle is spelled in JSON (sigstore `bundle.v1`, protobuf's JSON mapping).

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use model::{Diagnostic, Digest};
use serde::{Deserialize, Serialize};

use super::{Content, MEDIA_TYPE};
use crate::codes;

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Bundle {
    media_type: String,
    verification_material: Material,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    message_signature: Option<MessageSignature>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    dsse_envelope: Option<Envelope>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Material {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    public_key: Option<KeyHint>,
}

#[derive(Serialize, Deserialize)]
struct KeyHint {
    #[serde(default)]
    hint: String,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct MessageSignature {
    message_digest: MessageDigest,
    signature: String,
}

#[derive(Serialize, Deserialize)]
struct MessageDigest {
    algorithm: String,
    digest: String,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Envelope {
    payload: String,
    payload_type: String,
    signatures: Vec<EnvelopeSignature>,
}

#[derive(Serialize, Deserialize)]
struct EnvelopeSignature {
    sig: String,
}

impl Bundle {
    /// The bundle that it spells.
    pub(super) fn check(self) -> Result<super::Bundle, Diagnostic> {
        if !READABLE.contains(&self.media_type.as_str()) {
            let message =
                format!("`mediaType` should be `{MEDIA_TYPE}` and is `{}`", self.media_type);
            return Err(wrong(message));
        }
        let Some(KeyHint { hint }) = self.verification_material.public_key else {
            let message = "the bundle names no public key: it was signed with a certificate";
            return Err(Diagnostic::new(&codes::BUNDLE_UNSUPPORTED, message)
                .help("verify it with `cosign verify-blob` and the signer's identity"));
        };
        let content = match (self.message_signature, self.dsse_envelope) {
            (Some(message), None) => message.check()?,
            (None, Some(envelope)) => envelope.check()?,
            _ => return Err(wrong("must hold either `messageSignature` or `dsseEnvelope`")),
        };
        Ok(super::Bundle { hint, content })
    }
}

impl MessageSignature {
    fn check(self) -> Result<Content, Diagnostic> {
        let MessageDigest { algorithm, digest } = self.message_digest;
        if algorithm != ALGORITHM {
            return Err(wrong(format!("the digest is `{algorithm}`; `{ALGORITHM}` is known here")));
        }
        let raw = bytes("digest", &digest)?;
        let raw =
            <[u8; 32]>::try_from(raw).map_err(|_| wrong("the digest is not 32 bytes long"))?;
        let signature = bytes("signature", &self.signature)?;
        Ok(Content::Message { digest: Digest::from_raw(raw), signature })
    }
}

impl Envelope {
    fn check(self) -> Result<Content, Diagnostic> {
        let [EnvelopeSignature { sig }] = self.signatures.as_slice() else {
            let count = self.signatures.len();
            return Err(wrong(format!("the envelope has {count} signatures; a bundle has one")));
        };
        Ok(Content::Envelope {
            payload: bytes("payload", &self.payload)?,
            signature: bytes("sig", sig)?,
            payload_type: self.payload_type,
        })
    }
}

impl From<&super::Bundle> for Bundle {
    fn from(bundle: &super::Bundle) -> Self {
        let (message_signature, dsse_envelope) = match &bundle.content {
            Content::Message { digest, signature } => {
                let message_digest = MessageDigest {
                    algorithm: ALGORITHM.to_owned(),
                    digest: BASE64.encode(digest.raw()),
                };
                let signature = BASE64.encode(signature);
                (Some(MessageSignature { message_digest, signature }), None)
            }
            Content::Envelope { payload_type, payload, signature } => {
                let envelope = Envelope {
                    payload: BASE64.encode(payload),
                    payload_type: payload_type.clone(),
                    signatures: vec![EnvelopeSignature { sig: BASE64.encode(signature) }],
                };
                (None, Some(envelope))
            }
        };
        Self {
            media_type: MEDIA_TYPE.to_owned(),
            verification_material: Material {
                public_key: Some(KeyHint { hint: bundle.hint.clone() }),
            },
            message_signature,
            dsse_envelope,
        }
    }
}

/// Protobuf's JSON mapping lets readers take base64 with or without padding. Bits that say nothing
/// are never taken.
fn bytes(field: &str, text: &str) -> Result<Vec<u8>, Diagnostic> {
    BASE64.decode(text).map_err(|error| wrong(format!("`{field}` is not base64: {error}")))
}

fn wrong(message: impl Into<String>) -> Diagnostic {
    Diagnostic::new(&codes::BUNDLE_SYNTAX, message)
}

/// The spellings of the media type that were ever in use.
const READABLE: [&str; 4] = [
    MEDIA_TYPE,
    "application/vnd.dev.sigstore.bundle+json;version=0.3",
    "application/vnd.dev.sigstore.bundle+json;version=0.2",
    "application/vnd.dev.sigstore.bundle+json;version=0.1",
];
const ALGORITHM: &str = "SHA2_256";
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);
