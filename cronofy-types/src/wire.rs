//! What travels, one body a file. Every one of them keeps what it does not know.

pub(crate) mod accessible_calendar;
pub(crate) mod channel;
pub(crate) mod delegation_callback;
pub(crate) mod error_body;
pub(crate) mod extra;
pub(crate) mod lenient;
pub(crate) mod linking_profile;
pub(crate) mod member;
pub(crate) mod notification_kind;
pub(crate) mod pages;
pub(crate) mod parse;
pub(crate) mod redirect;
pub(crate) mod resource;
pub(crate) mod token_response;
pub(crate) mod userinfo;
