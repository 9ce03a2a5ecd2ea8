//! The clients of Mobile Connect that are in the world (mobile-connect §6): one file for each, which
//! sends what the client sends, in its order and with its slips, and asserts what the client checks.
//! Each story is a login on the running gateway: Discovery, browser, text message, tokens, resources.
//!
//! What a client checks is written as the client does it, also where it is less than it should be.

mod dotnet_sdk;
mod go_client;
mod html5_sdk;
mod india;
mod java;
mod mobile_apps;
mod php_sdk;
mod wire;
mod wso2;
