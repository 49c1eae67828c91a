"""DescribeSubnets gives the state of a subnet's IPv6 block in a structure too many, so Terraform waits for `associated` until it
gives up."""

from moto.ec2.models.subnets import Subnet


def ipv6_cidr_block_association_set(self):
    return [
        {
            "ipv6CidrBlock": association["ipv6CidrBlock"],
            "associationId": association["associationId"],
            "ipv6CidrBlockState": {"state": association["ipv6CidrBlockState"]["State"]},
        }
        for association in self.ipv6_cidr_block_associations.values()
        if association["ipv6CidrBlockState"]["State"] == "associated"
    ]


def apply():
    Subnet.ipv6_cidr_block_association_set = property(ipv6_cidr_block_association_set)
