"""Moves items between transports and the suite: intake, records and their accounting, delivery.

inbox folder -> intake -> decoding (worker process) -> record rows + parcels -> broker -> services
broker -> handlers -> outgoing rows -> delivery -> encoding -> outbox folder
"""
