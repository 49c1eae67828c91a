"""Parts of a VPC that stay in the way of Terraform: each patch says how its gap shows."""

from moto.ec2.models.nat_gateways import NatGatewayBackend
from moto.ec2.models.subnets import Subnet
from moto.ec2.responses.subnets import Subnets


def flatten_state_of_ipv6_blocks():
    """DescribeSubnets gives the state of a subnet's IPv6 block in a structure too many, so Terraform waits for `associated` until
    it gives up."""

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

    Subnet.ipv6_cidr_block_association_set = property(ipv6_cidr_block_association_set)


def keep_attributes_of_subnets():
    """ModifySubnetAttribute ignores these, so Terraform waits for the new value until it gives up."""
    original = Subnets.modify_subnet_attribute

    def modify_subnet_attribute(self):
        answer = original(self)
        subnet = self.ec2_backend.get_subnet(self._get_param("SubnetId"))
        options = subnet.private_dns_name_options_on_launch
        if self._get_param("EnableDns64.Value") is not None:
            subnet.enable_dns64 = self._get_bool_param("EnableDns64.Value")
        if self._get_param("EnableResourceNameDnsAAAARecordOnLaunch.Value") is not None:
            enabled = self._get_bool_param("EnableResourceNameDnsAAAARecordOnLaunch.Value")
            options["EnableResourceNameDnsAAAARecord"] = enabled
        if self._get_param("PrivateDnsHostnameTypeOnLaunch") is not None:
            options["HostnameType"] = self._get_param("PrivateDnsHostnameTypeOnLaunch")
        return answer

    Subnets.modify_subnet_attribute = modify_subnet_attribute


def remove_interfaces_of_nat_gateways():
    """A deleted NAT gateway leaves its network interface, which is in the VPC's default security group: the VPC can't be deleted."""
    original = NatGatewayBackend.delete_nat_gateway

    def delete_nat_gateway(self, nat_gateway_id):
        gateway = original(self, nat_gateway_id)
        for address in self.addresses:
            if address.eni is gateway._eni:
                self.disassociate_address(association_id=address.association_id)
        if gateway._eni.id in self.enis:
            self.delete_network_interface(gateway._eni.id)
        return gateway

    NatGatewayBackend.delete_nat_gateway = delete_nat_gateway


def apply():
    flatten_state_of_ipv6_blocks()
    keep_attributes_of_subnets()
    remove_interfaces_of_nat_gateways()
