"""Availability zones and Regions by filters that moto doesn't know: it answers 500, and the provider tries again for minutes."""

from moto.ec2.models.availability_zones_and_regions import RegionsAndZonesBackend
from moto.ec2.responses.availability_zones_and_regions import AvailabilityZonesAndRegions


def filter_zones():
    """Every zone here is open to every account, and in the group of its Region."""
    original = RegionsAndZonesBackend.describe_availability_zones

    def describe_availability_zones(self, filters=None, *args, **kwargs):
        others = dict(filters or {})
        for name, value in (("opt-in-status", "opt-in-not-required"), ("group-name", self.region_name)):
            if value not in others.pop(name, [value]):
                return []
        return original(self, others, *args, **kwargs)

    RegionsAndZonesBackend.describe_availability_zones = describe_availability_zones


def filter_regions():
    """DescribeRegions leaves its filters out of account."""
    original = AvailabilityZonesAndRegions.describe_regions

    def describe_regions(self):
        answer = original(self)
        filters = self._filters_from_querystring()
        attributes = {"opt-in-status": "opt_in_status", "region-name": "name", "endpoint": "endpoint"}
        answer.result["Regions"] = [
            region
            for region in answer.result["Regions"]
            if all(getattr(region, attributes[name]) in values for name, values in filters.items() if name in attributes)
        ]
        return answer

    AvailabilityZonesAndRegions.describe_regions = describe_regions


def apply():
    filter_zones()
    filter_regions()
