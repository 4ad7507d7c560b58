"""The text of the service: cells, imports and regions, taken apart and put together."""
