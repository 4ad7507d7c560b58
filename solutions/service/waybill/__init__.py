"""Waybill: a parcel-tracking API."""
