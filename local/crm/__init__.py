"""The demo CRM: it signs its users' tokens, answers the connector's questions and shows plain pages."""
