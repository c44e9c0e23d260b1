"""Gateways: one protocol a module. They know limits and credentials, never cases, policy or the database."""
