//! Messages that are known by their descriptors.

use bytes::Buf;
use prost::Message;
use prost_reflect::{DynamicMessage, MessageDescriptor};
use tonic::{
    Status,
    codec::{Codec, DecodeBuf, Decoder, EncodeBuf, Encoder},
};

/// Reads messages of one kind, and writes any.
#[derive(Clone, Debug)]
pub(super) struct Described {
    /// What is read.
    pub(super) request: MessageDescriptor,
}

impl Codec for Described {
    type Encode = DynamicMessage;
    type Decode = DynamicMessage;
    type Encoder = Writer;
    type Decoder = Described;

    fn encoder(&mut self) -> Writer {
        Writer
    }

    fn decoder(&mut self) -> Described {
        self.clone()
    }
}

impl Decoder for Described {
    type Item = DynamicMessage;
    type Error = Status;

    fn decode(&mut self, bytes: &mut DecodeBuf<'_>) -> Result<Option<DynamicMessage>, Status> {
        // What is left of one message must not be taken for the next.
        let bytes = bytes.copy_to_bytes(bytes.remaining());
        let read = DynamicMessage::decode(self.request.clone(), bytes);
        read.map(Some).map_err(|_| Status::invalid_argument(format!("this is no {}", self.request.name())))
    }
}

/// Writes messages.
#[derive(Clone, Copy, Debug)]
pub(super) struct Writer;

impl Encoder for Writer {
    type Item = DynamicMessage;
    type Error = Status;

    fn encode(&mut self, message: DynamicMessage, bytes: &mut EncodeBuf<'_>) -> Result<(), Status> {
        message.encode(bytes).map_err(|_| Status::internal("an answer does not fit"))
    }
}
